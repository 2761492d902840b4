import type { CompareFlags } from "./cli/compare-flags";
import type { EvaluateFlags } from "./cli/evaluate-flags";
import type { ExportFlags } from "./cli/export-flags";
import type { ProfilesFlags } from "./cli/profiles-flags";
import type { RecommendFlags } from "./cli/recommend-flags";
import type { SearchFlags } from "./cli/search-flags";
import type { ServeFlags } from "./cli/serve-flags";
import type { TrainFlags } from "./cli/train-flags";

/** Flags of a command as properties, all of which may be left out. */
type Some<Flags> = { readonly [Name in keyof Flags]?: Flags[Name] | undefined };

/** The options of a search as the command line has them, such as `learningRate=1e-4..1e-2:log`. */
interface SearchSpace {
  readonly range?: string | readonly string[];
  readonly choice?: string | readonly string[];
}

/** The content of a configuration file: for each command of `dmrec`, its flags by their names in camelCase. */
export interface Config {
  readonly compare?: Some<Omit<CompareFlags, "ownOptions">>;
  readonly train?: Some<Omit<TrainFlags, "ownOptions">>;
  readonly evaluate?: Some<EvaluateFlags>;
  readonly recommend?: Some<RecommendFlags>;
  readonly export?: Some<ExportFlags>;
  readonly serve?: Some<ServeFlags>;
  readonly search?: Some<Omit<SearchFlags, "ownOptions" | "range" | "choice">> & SearchSpace;
  readonly profiles?: Some<ProfilesFlags>;
}

/**
 * Returns a configuration as it is, with its types checked: the default export of `dmrec.config.ts`.
 *
 * @example
 * export default defineConfig({ train: { data: "ml-latest-small", out: "runs/first", minimumRating: 4 } });
 */
export function defineConfig(config: Config): Config {
  return config;
}
