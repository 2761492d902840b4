import { type Distribution, UnsupportedError } from "@dmrec/core";
import { type Tensor1D, tidy } from "@tensorflow/tfjs-core";

/** The formula of a divergence for one pair of kinds: a value for each row of the batch, `[batch]`. */
export type DivergenceFormula<
  P extends Distribution,
  Q extends Distribution,
  Settings extends readonly unknown[] = [],
> = (p: P, q: Q, ...settings: Settings) => Tensor1D;

/** One divergence and its formulas, dispatched on the kinds of the two distributions. */
export interface DivergenceRegistry<Settings extends readonly unknown[] = []> {
  /** Adds a formula for a pair of kinds, or replaces it, and returns the registry. */
  register<P extends Distribution, Q extends Distribution>(
    kinds: readonly [P["kind"], Q["kind"]],
    formula: DivergenceFormula<P, Q, Settings>,
  ): DivergenceRegistry<Settings>;

  /**
   * The divergence of p and q, `[batch]`, by the formula of their kinds. Intermediate tensors are disposed.
   *
   * @throws UnsupportedError if there is no formula for their kinds in this order.
   */
  compute(p: Distribution, q: Distribution, ...settings: Settings): Tensor1D;
}

/**
 * An empty registry.
 *
 * @param name For the error message, e.g. `KL divergence`.
 */
export function createDivergenceRegistry<Settings extends readonly unknown[] = []>(
  name: string,
): DivergenceRegistry<Settings> {
  const formulas = new Map<string, DivergenceFormula<Distribution, Distribution, Settings>>();
  const pair = (p: string, q: string) => `(${p}, ${q})`;
  const registry: DivergenceRegistry<Settings> = {
    register([p, q], formula) {
      // A formula is only ever called with distributions of the kinds it was registered for.
      formulas.set(pair(p, q), formula as DivergenceFormula<Distribution, Distribution, Settings>);
      return registry;
    },
    compute(p, q, ...settings) {
      const formula = formulas.get(pair(p.kind, q.kind));
      if (formula) return tidy(() => formula(p, q, ...settings));
      const registered = formulas.size > 0 ? [...formulas.keys()].join(", ") : "none";
      throw new UnsupportedError(
        `no ${name} is registered for ${pair(p.kind, q.kind)}; registered: ${registered}`,
      );
    },
  };
  return registry;
}
