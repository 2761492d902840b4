import type { Recommender, SplitDataset } from "@dmrec/core";
import type { ModelZoo } from "../zoo/model-zoo";

/** A model that the contract suite trains, exports and serves. */
export interface ContractCase {
  readonly name: string;
  /** True if its language space is not trained: nothing matches it, and nothing decodes it. */
  readonly isLanguageIdle: boolean;
  make(): Recommender;
}

/** Sizes that make every model train in a second. */
const sizes = { hiddenDimension: 12, latentDimension: 6 };

/** Every model of a zoo: each base model, unmatched and under each strategy, decoding each posterior, and every baseline. */
export function contractCases(zoo: ModelZoo, data: SplitDataset): readonly ContractCase[] {
  const { strategies } = zoo.rows;
  const matched = zoo.baseNames.flatMap((base) => [
    modelCase(base, () => zoo.createModel("base", data, { base, ...sizes })),
    ...strategies.flatMap((strategy) =>
      (["sum", "collaborative"] as const).map((posterior) => ({
        ...modelCase(`${base} with ${strategy.name}, decoding the ${posterior} posterior`, () =>
          zoo.createModel(strategy.name, data, { base, posterior, ...sizes }),
        ),
        isLanguageIdle: strategy.beta === undefined && posterior === "collaborative",
      })),
    ),
  ]);
  return [...matched, ...baselineCases(zoo, data)];
}

/** Every baseline of a zoo. */
export function baselineCases(zoo: ModelZoo, data: SplitDataset): readonly ContractCase[] {
  return zoo.rows.baselines.map(({ name, published }) => {
    // Hundreds of negatives a pair would take minutes.
    const ownOptions = "negatives" in published.options ? { negatives: 4 } : {};
    return modelCase(name, () => zoo.createModel(name, data, { ...sizes, ownOptions }));
  });
}

/** A case for a model outside a zoo. */
export function modelCase(name: string, make: () => Recommender): ContractCase {
  return { name, isLanguageIdle: false, make };
}
