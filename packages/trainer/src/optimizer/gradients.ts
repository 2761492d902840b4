import { assertShape, InvalidDataError, type LossTerms } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * The loss terms, and the gradients of their sum with respect to some tensors, by name. A tensor that the loss does not
 * depend on has no gradient. The caller disposes of the terms; nothing is left if the loss throws.
 *
 * @throws InvalidDataError if the loss is no object of tensors.
 * @throws ShapeMismatchError if a term is no scalar.
 */
export function lossAndGradients(
  parameters: ReadonlyMap<string, tf.Tensor>,
  loss: () => LossTerms,
): { readonly terms: LossTerms; readonly gradients: ReadonlyMap<string, tf.Tensor> } {
  // tfjs refuses to differentiate with respect to nothing.
  if (parameters.size === 0) return { terms: kept(checked(loss())), gradients: new Map() };
  let terms: LossTerms = {};
  const names = [...parameters.keys()];
  try {
    const { grads } = tf.engine().gradients(
      () => {
        terms = kept(checked(loss()));
        return tf.addN<tf.Scalar>(Object.values(terms));
      },
      [...parameters.values()],
      undefined,
      true,
    );
    const gradients = new Map<string, tf.Tensor>();
    for (const [index, gradient] of grads.entries()) if (gradient) gradients.set(names[index], gradient);
    return { terms, gradients };
  } catch (error) {
    tf.dispose(Object.values(terms));
    freeTape();
    throw error;
  }
}

/**
 * Gradients scaled by one factor so that their norm, over all of them, is at most `maximumNorm`, as PyTorch's
 * `clip_grad_norm_` does; the same gradients without a maximum.
 */
export function clippedGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  maximumNorm: number | undefined,
): ReadonlyMap<string, tf.Tensor> {
  if (maximumNorm === undefined || gradients.size === 0) return gradients;
  const squares = [...gradients.values()].map((gradient) => tf.sum<tf.Scalar>(tf.square(gradient)));
  const norm = tf.add(tf.sqrt(tf.addN(squares)), 1e-6);
  const factor = tf.minimum(1, tf.div(maximumNorm, norm));
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

/** Frees the tensors that operations saved for their gradients: tfjs does so only when it has differentiated them. */
function freeTape(): void {
  const { state } = tf.engine();
  // An outer function that is being differentiated still needs them.
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}

/** Checks the terms of a caller's own model: tfjs would add up tensors of any shape, and train on some of their numbers. */
function checked(terms: LossTerms): LossTerms {
  const isNamed = typeof terms === "object" && terms !== null && !(terms instanceof tf.Tensor);
  const named: readonly (readonly [string, unknown])[] = isNamed ? Object.entries(terms) : [];
  if (named.length === 0) {
    const actual = isNamed ? "no term" : "terms without names";
    throw new InvalidDataError({
      source: "the loss",
      actual,
      expected: "an object of scalar tensors by name",
    });
  }
  for (const [name, term] of named) {
    const source = `the loss term "${name}"`;
    if (!(term instanceof tf.Tensor))
      throw new InvalidDataError({ source, actual: typeof term, expected: "a scalar tensor" });
    assertShape(`${source}, a scalar,`, term.shape, []);
  }
  return terms;
}

/** Keeps loss terms, because tfjs frees what a differentiated function made. */
function kept(terms: LossTerms): LossTerms {
  for (const term of Object.values(terms)) tf.keep(term);
  return terms;
}
