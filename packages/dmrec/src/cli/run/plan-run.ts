import { InvalidOptionsError, type SplitDataset } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { resolvePlan } from "../../app/resolve-plan";
import type { ModelZoo } from "../../zoo/model-zoo";
import type { DataFlags } from "../comparison-data";
import type { TrainFlags } from "../train-flags";
import type { RunRecord } from "./run-record";
import { withoutModelFlags } from "./without-model-flags";

/**
 * Everything that the run of one model is made from.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError naming the flag.
 * @throws InvalidDataError if the model needs profile embeddings and the data has none.
 */
export function planRun(
  flags: TrainFlags,
  data: SplitDataset,
  zoo: ModelZoo,
  owner: string,
  dataSha256 = fingerprint(data),
): RunRecord {
  const { base, beta } = flags;
  const isBaseline = zoo.baselineNames.includes(base);
  const matching = flags.matching ?? defaultMatching(data, zoo, isBaseline);
  if (isBaseline && matching !== "none") {
    const message = `applies to base models only; leave it out with --base ${base}`;
    throw new InvalidOptionsError(owner, [{ path: "--matching", message }]);
  }
  if (matching === "none" && beta !== undefined) {
    const message = "is the weight of a match; leave it out, or name a strategy with --matching";
    throw new InvalidOptionsError(owner, [{ path: "--beta", message }]);
  }
  const name = isBaseline ? base : matching === "none" ? "base" : matching;
  const planFlags = {
    ...flags,
    base: isBaseline ? zoo.baseNames[0] : base,
    models: [name],
    beta: beta === undefined ? {} : { [name]: beta },
  };
  const { models, training } = resolvePlan(planFlags, data, zoo, owner);
  const [model] = models;
  return { data: dataFlags(flags), dataSha256, model, training };
}

/** The strategy that won the paper's comparison, if the data and the zoo have what it needs. */
function defaultMatching({ profileEmbeddings }: SplitDataset, zoo: ModelZoo, isBaseline: boolean): string {
  const isThere = zoo.rows.strategies.some(({ name }) => name === "mddm");
  return profileEmbeddings && isThere && !isBaseline ? "mddm" : "none";
}

/** The flags that read the data: all that belong neither to the model nor to the command. */
function dataFlags(flags: TrainFlags): DataFlags {
  const { out, matching, fresh, json, ...reading } = withoutModelFlags(flags);
  return reading;
}
