import type { RandomGenerator, TensorsOf } from "@dmrec/core";
import { applyDense, type DenseLayer } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { xavierUniform } from "./profile-tables";

/** Two layers with a ReLU after each. */
export type Expert = { readonly hidden: DenseLayer; readonly output: DenseLayer };

/** The experts of one kind of text, and the layer that weighs them and the shared ones. */
export type KindOfText = { readonly experts: readonly Expert[]; readonly gate: DenseLayer };

/** The hybrid-expert adaptor of KAR (Xi et al. 2024): experts for both kinds of text, and experts for each. */
export type HybridExperts = {
  readonly shared: readonly Expert[];
  readonly users: KindOfText;
  readonly items: KindOfText;
};

export interface HybridExpertSizes {
  /** Width of the texts. */
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Experts for both kinds. */
  readonly shared: number;
  /** Experts for each kind. */
  readonly specific: number;
}

export function hybridExperts(sizes: HybridExpertSizes, random: RandomGenerator): HybridExperts {
  const { inputs, hidden, outputs, shared, specific } = sizes;
  const experts = (length: number): Expert[] =>
    Array.from({ length }, () => ({
      hidden: xavierUniform(inputs, hidden, random),
      output: xavierUniform(hidden, outputs, random),
    }));
  const kind = () => ({ experts: experts(specific), gate: xavierUniform(inputs, shared + specific, random) });
  return { shared: experts(shared), users: kind(), items: kind() };
}

/**
 * Σ_j g_j expert_j(s) over the shared experts, then those of the kind, with g = softmax(gate(s)), `[rows, outputs]`.
 *
 * @param texts s, `[rows, inputs]`
 */
export function mixExperts(
  shared: readonly TensorsOf<Expert>[],
  { experts, gate }: TensorsOf<KindOfText>,
  texts: tf.Tensor2D,
): tf.Tensor2D {
  const all = [...shared, ...experts];
  const gates = tf.softmax(applyDense(gate, texts));
  // tfjs cannot differentiate a split into one part.
  const weights = all.length === 1 ? [gates] : tf.split<tf.Tensor2D>(gates, all.length, 1);
  return tf.addN(
    all.map(({ hidden, output }, expert) => {
      const opinion = tf.relu(applyDense(output, tf.relu(applyDense(hidden, texts))));
      return tf.mul<tf.Tensor2D>(weights[expert], opinion);
    }),
  );
}

/** The trained arrays, for the regularisation. */
export function hybridExpertArrays({ shared, users, items }: TensorsOf<HybridExperts>): readonly tf.Tensor[] {
  const layers = [...shared, ...users.experts, ...items.experts].flatMap(({ hidden, output }) => [
    hidden,
    output,
  ]);
  return [...layers, users.gate, items.gate].flatMap(({ weights, bias }) => [weights, bias]);
}
