import { InvalidOptionsError } from "@dmrec/core";
import type { Command } from "commander";
import type { PlanFlags } from "../app/resolve-plan";
import type { CommonOptions } from "../zoo/model-row";
import type { ModelZoo, ResolvedModel } from "../zoo/model-zoo";
import { printWarning } from "./print-warning";

/** Returns where the value of a flag comes from: `cli`, `config` or `default`. */
export type FlagSource = (flag: string) => string | undefined;

/** The sources of a command's flags. */
export function flagSource(command: Command): FlagSource {
  return (flag) => command.getOptionValueSource(flag);
}

interface ModelFlag {
  readonly name: string;
  /** An option to ask a model's row for. */
  readonly option: CommonOptions;
  /** True if every matched model reads the flag, for its meta-network or its training. */
  readonly isOfMatch: boolean;
  /** True if every model that is trained reads the flag. @default false */
  readonly isOfTraining?: boolean;
}

/** The flags that not every model reads. */
const modelFlags = [
  { name: "hidden", option: { hiddenDimension: 1 }, isOfMatch: true },
  { name: "latent", option: { latentDimension: 1 }, isOfMatch: false },
  { name: "dropout", option: { dropout: 0 }, isOfMatch: true },
  { name: "klWeight", option: { klWeight: 1 }, isOfMatch: false },
  { name: "softmaxSamples", option: { softmaxSamples: 1 }, isOfMatch: false },
  { name: "softmaxProposal", option: { softmaxProposal: "popularity" }, isOfMatch: false },
  // Only a match hides interactions.
  { name: "coldStartRate", option: {}, isOfMatch: true },
  { name: "epochs", option: {}, isOfMatch: true, isOfTraining: true },
  { name: "patience", option: {}, isOfMatch: true, isOfTraining: true },
  { name: "batchSize", option: {}, isOfMatch: true, isOfTraining: true },
  { name: "learningRate", option: {}, isOfMatch: true, isOfTraining: true },
] as const satisfies readonly ModelFlag[];

/**
 * Refuses flags that none of the models reads. A configuration file may serve several models, so its flags are only warned of.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError naming every such flag of the command line.
 */
export function refuseUnreadFlags(
  flags: Pick<PlanFlags, (typeof modelFlags)[number]["name"]>,
  models: readonly ResolvedModel[],
  { zoo, owner, sourceOf }: { zoo: ModelZoo; owner: string; sourceOf: FlagSource },
): void {
  const titles = models.map(({ name, base }) =>
    base === undefined || name === "base" ? (base ?? name) : `${base}+${name}`,
  );
  const reason =
    titles.length === 1 ? `${titles[0]} does not read it` : `none of ${titles.join(", ")} reads it`;
  const unread = modelFlags
    .filter((flag) => flags[flag.name] !== undefined && !models.some((model) => reads(model, flag, zoo)))
    .map(({ name }) => name);
  const typed = unread.filter((flag) => sourceOf(flag) !== "config");
  if (typed.length > 0) {
    const message = `has no effect, because ${reason}; leave it out`;
    throw new InvalidOptionsError(
      owner,
      typed.map((flag) => ({ path: longName(flag), message })),
    );
  }
  for (const flag of unread)
    printWarning(`${owner}: ${flag} of the configuration file has no effect, because ${reason}`);
}

function reads(
  { name, base, matching, options }: ResolvedModel,
  { option, isOfMatch, isOfTraining = false }: ModelFlag,
  { rows }: ModelZoo,
): boolean {
  if (matching && isOfMatch) return true;
  const row = [...rows.baseModels, ...rows.baselines].find((each) => each.name === (base ?? name));
  if (row === undefined) return false;
  return isOfTraining ? (row.isTrained ?? true) : Object.keys(row.ownOptions(option, options)).length > 0;
}

/** The flag as it is typed. */
function longName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
