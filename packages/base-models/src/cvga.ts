import {
  assertTrainingInteractions,
  contentFingerprint,
  parseOptions,
  RandomGenerator,
  type TensorsOf,
  type TrainingInteractions,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  applyDense,
  denseLayer,
  embeddingBag,
  gaussianHead,
  itemScales,
  normalizedGraph,
  normalizedWeights,
  propagateToItems,
  propagateToUsers,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { variationalRecommender } from "./variational-recommender";

const optionsSchema = z.strictObject({
  /**
   * Dimensions of z.
   *
   * @default 64
   */
  latentDimension: z.int().positive().default(64),
  /**
   * Layers of the encoder. Each but the last passes features from users to their items and on.
   *
   * @default 1
   */
  layers: z.int().positive().default(1),
  /**
   * Width of the layers before the last.
   *
   * @default 64
   */
  hiddenDimension: z.int().positive().default(64),
  /**
   * The probability that an output of an encoder's layer is left out.
   *
   * @default 0.3
   */
  dropout: z.number().min(0).lt(1).default(0.3),
  /**
   * The weight of KL(q ‖ N(0, I)) in the model's own loss: the cap of the annealing. A matching strategy replaces it.
   *
   * @default 1
   */
  klWeight: z.number().nonnegative().default(1),
  /**
   * Steps over which the KL's weight rises from 0 to `klWeight`. 0 gives a constant weight.
   *
   * @default 0
   */
  annealingSteps: z.int().nonnegative().default(0),
  /**
   * The seed of the initial weights.
   *
   * @default 2024
   */
  seed: z.int().nonnegative().default(2024),
});

export interface CvgaOptions extends z.input<typeof optionsSchema> {
  /** The edges of the graph, such as `data.train`. */
  readonly interactions: TrainingInteractions;
}

/**
 * CVGA: a variational graph autoencoder of users over the items they interacted with (Zhang et al. 2023).
 *
 * With R̃ = D_u^{-1/2} R D_i^{-1/2} the normalised training interactions, [μ, log σ²] = dropout(R̃_u W + b) for the
 * users of the batch, and one linear layer decodes. Each layer before the last gives H = tanh(dropout(R̃ W + b)) of all
 * users, and the next one reads R̃ R̃ᵀ H instead of R̃. A user's degree is the sum of the batch's own weights, so a user
 * outside the training data is encoded like any other.
 *
 * @throws InvalidOptionsError
 * @example
 * const recommender = cvga({ interactions: data.train, latentDimension: 32 });
 */
export function cvga({ interactions, ...options }: CvgaOptions): VariationalRecommender {
  assertTrainingInteractions("cvga", interactions);
  const settings = parseOptions("cvga", optionsSchema, options);
  const { layers, dropout } = settings;
  const { userCount, itemCount, offsets, items, weights } = interactions;

  /** The layer that encodes a batch, behind those that propagate over the whole graph. */
  function lastLayer({ encoder, graph }: Tensors, drop: (features: tf.Tensor2D) => tf.Tensor2D): LastLayer {
    const [first, ...later] = encoder;
    const { edges } = graph;
    let last: LastLayer = { items: first.weights, bias: first.bias };
    if (edges === undefined) return last;
    for (const { weights, bias } of later) {
      const users = tf.add<tf.Tensor2D>(propagateToUsers(edges, last.items, userCount), last.bias);
      const features = tf.tanh(drop(users));
      last = { items: tf.matMul(propagateToItems(edges, features, itemCount), weights), bias };
    }
    return last;
  }

  return variationalRecommender<Tensors | Prepared>({
    name: "cvga",
    itemCount,
    settings,
    // Weights belong to a graph: another one of the same sizes is another model.
    identity: { edges: items.length, graphFingerprint: contentFingerprint(offsets, items, weights) },
    parameters: initialParameters(interactions, settings),

    // One layer has nothing that batches share.
    ...(layers > 1 && {
      prepare: (parameters: Tensors): Prepared => ({
        decoder: parameters.decoder,
        graph: { itemScales: parameters.graph.itemScales },
        lastLayer: lastLayer(parameters, (features) => features),
      }),
    }),

    encode(parameters, batch, context) {
      const drop = (features: tf.Tensor2D) => context.dropout(features, dropout);
      const last = "lastLayer" in parameters ? parameters.lastLayer : lastLayer(parameters, drop);
      const weights = normalizedWeights(parameters.graph.itemScales, batch);
      const output = tf.add<tf.Tensor2D>(embeddingBag(last.items, { ...batch, weights }), last.bias);
      return gaussianHead(drop(output));
    },

    decode: ({ decoder }, latent) => applyDense(decoder, latent),
  });
}

type Tensors = TensorsOf<ReturnType<typeof initialParameters>>;

type LastLayer = {
  /** W of the first layer, or R̃ᵀ H W of a later one: the rows that a user sums over their items, `[items, 2 · latent]`. */
  readonly items: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
};

type Prepared = Pick<Tensors, "decoder" | "graph"> & { readonly lastLayer: LastLayer };

function initialParameters(interactions: TrainingInteractions, options: z.output<typeof optionsSchema>) {
  const { latentDimension, hiddenDimension, layers, seed } = options;
  const { itemCount } = interactions;
  const random = RandomGenerator.fromSeed(seed).fork("cvga");
  const widths = [itemCount, ...new Array<number>(layers - 1).fill(hiddenDimension), 2 * latentDimension];
  return {
    encoder: widths.slice(1).map((width, layer) => denseLayer(widths[layer], width, random)),
    decoder: denseLayer(latentDimension, itemCount, random),
    graph: {
      itemScales: itemScales(interactions),
      // Only propagation over the whole graph reads its edges.
      ...(layers > 1 && { edges: normalizedGraph(interactions) }),
    },
  };
}
