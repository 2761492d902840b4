import type { ModelZoo } from "dmrec";
import { z } from "zod";
import { pairFloors } from "./pair-floors";

/** A base model, unmatched or under a strategy, or a baseline. */
export interface BenchmarkedModel {
  /** The name on the command line and in the results: `mddm`, `cvga`, `l-diffrec/mddm`, `light-gcn`. */
  readonly name: string;
  /** The base model; of no meaning for a baseline. */
  readonly base: string;
  /** The model of the zoo: `base`, a strategy or a baseline. */
  readonly model: string;
}

/** The width of the layer below the output of a base model with published settings, which determines the floor of a step. */
export function outputWidth(zoo: ModelZoo, base: string): number {
  return zoo.rows.baseModels.find(({ name }) => name === base)?.outputWidth ?? 0;
}

/** Parses `MODEL` on the first base model of a zoo, `BASE`, `BASE/MODEL`, or the name of a baseline with a floor. */
export function modelName(zoo: ModelZoo) {
  const models = ["base", ...zoo.rows.strategies.map(({ name }) => name)];
  const baselines = Object.keys(pairFloors);
  return z.string().transform((text, context): BenchmarkedModel => {
    const name = text.trim();
    if (baselines.includes(name)) return { name, base: zoo.baseNames[0], model: name };
    const [first, second] = name.split("/");
    const base = zoo.baseNames.find((base) => base === first);
    const model = models.find((model) => model === (second ?? (base ? "base" : first)));
    if (model && (base || second === undefined)) return { name, base: base ?? zoo.baseNames[0], model };
    context.addIssue(
      `"${name}" is no model; expected one of ${[...models, ...baselines].join(", ")}, a base model (${zoo.baseNames.join(", ")}) or BASE/MODEL`,
    );
    return z.NEVER;
  });
}
