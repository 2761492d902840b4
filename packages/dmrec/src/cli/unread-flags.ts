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

/** The flags that not every model reads, each with an option to ask a model's row for. */
const optionsByFlag = {
  hidden: { hiddenDimension: 1 },
  latent: { latentDimension: 1 },
  dropout: { dropout: 0 },
  klWeight: { klWeight: 1 },
  softmaxSamples: { softmaxSamples: 1 },
  softmaxProposal: { softmaxProposal: "popularity" },
  // Only a match hides interactions.
  coldStartRate: {},
} as const satisfies Readonly<Record<string, CommonOptions>>;

type ModelFlag = keyof typeof optionsByFlag;

const modelFlags: readonly ModelFlag[] = [
  "hidden",
  "latent",
  "dropout",
  "klWeight",
  "softmaxSamples",
  "softmaxProposal",
  "coldStartRate",
];

/** The flags that every matched model reads, for its meta-network and its training. */
const matchFlags: readonly ModelFlag[] = ["hidden", "dropout", "coldStartRate"];

/**
 * Refuses flags that none of the models reads. A configuration file may serve several models, so its flags are only warned of.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError naming every such flag of the command line.
 */
export function refuseUnreadFlags(
  flags: Pick<PlanFlags, ModelFlag>,
  models: readonly ResolvedModel[],
  { zoo, owner, sourceOf }: { zoo: ModelZoo; owner: string; sourceOf: FlagSource },
): void {
  const titles = models.map(({ name, base }) =>
    base === undefined || name === "base" ? (base ?? name) : `${base}+${name}`,
  );
  const reason =
    titles.length === 1 ? `${titles[0]} does not read it` : `none of ${titles.join(", ")} reads it`;
  const unread = modelFlags.filter(
    (flag) => flags[flag] !== undefined && !models.some((model) => reads(model, flag, zoo)),
  );
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

function reads({ name, base, matching }: ResolvedModel, flag: ModelFlag, { rows }: ModelZoo): boolean {
  if (matching && matchFlags.includes(flag)) return true;
  const row = [...rows.baseModels, ...rows.baselines].find((each) => each.name === (base ?? name));
  return row !== undefined && Object.keys(row.ownOptions(optionsByFlag[flag])).length > 0;
}

/** The flag as it is typed. */
function longName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
