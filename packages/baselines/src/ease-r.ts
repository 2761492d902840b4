import {
  assertTrainingInteractions,
  constant,
  InvalidDataError,
  type MatrixProduct,
  parseOptions,
  type Recommender,
  type TensorsOf,
  type TrainingInteractions,
  UnsupportedError,
} from "@dmrec/core";
import { embeddingBag } from "@dmrec/layers";
import { forEachRow, gramBlocks, invertBlocks, type SymmetricBlocks } from "@dmrec/linear-algebra";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { graphConfiguration } from "./light-gcn";

export interface EaseROptions {
  /** The interactions to learn from. */
  readonly interactions: TrainingInteractions;
  /**
   * λ, which is added to the diagonal of XᵀX. It depends on the data: choose it by the validation part.
   *
   * @default 100
   */
  readonly l2Weight?: number;
  /** The bytes that its matrices may take while it is solved. @default the memory that Node.js calls available, else 2 GiB */
  readonly memoryLimit?: number;
}

const optionsSchema = z.strictObject({
  l2Weight: z.number().positive().default(100),
  memoryLimit: z.number().positive().optional(),
});

/** Bytes for each pair of items: B in single precision, and half of P. */
const bytesPerPair = 6;

/**
 * EASE^R (Steck 2019): a linear model of items, whose scores X B come from the item-to-item weights
 * B = I − P diag(1 / diag P), with P = (XᵀX + λI)⁻¹. Nothing is trained: a trainer computes B when it opens the model.
 *
 * Users are read from their interactions only, so new users are served, too.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError if the items do not fit in memory; and when it is opened, if λ is too small for single precision.
 * @example
 * await using model = await trainer.open(easeR({ interactions: data.train, l2Weight: 300 }), { data });
 * const { metrics } = await model.evaluate(data, { part: "validation" });
 */
export function easeR({ interactions, ...options }: EaseROptions): Recommender {
  assertTrainingInteractions("easeR", interactions);
  const { l2Weight, memoryLimit } = parseOptions("easeR", optionsSchema, options);
  const { itemCount } = interactions;
  assertFits(itemCount, memoryLimit ?? availableMemory());
  const description = {
    name: "ease-r",
    configuration: { name: "ease-r", ...graphConfiguration(interactions), l2Weight },
    itemCount,
    reads: { interactions: true, profile: false, userIndex: false },
    examples: { kind: "users" },
    loss: () => ({ untrained: tf.scalar(0) }),
  } as const;
  return {
    ...description,
    parameters: {},
    async solve(product) {
      const values = await itemWeights(interactions, l2Weight, product);
      const parameters = { itemWeights: constant([itemCount, itemCount], values) };
      return {
        ...description,
        parameters,
        scores: ({ itemWeights }: TensorsOf<typeof parameters>, batch) => embeddingBag(itemWeights, batch),
      };
    },
    scores() {
      throw new UnsupportedError("easeR has no weights before it is solved; open it with a trainer");
    },
  };
}

/** B, `[items, items]`. */
async function itemWeights(
  { userCount, itemCount, offsets, items, weights }: TrainingInteractions,
  l2Weight: number,
  product: MatrixProduct,
): Promise<Float32Array> {
  const rows = { rowCount: userCount, columnCount: itemCount, offsets, columns: items, values: weights };
  const inverse = gramBlocks(rows, l2Weight);
  try {
    await invertBlocks(inverse, product);
  } catch (cause) {
    if (!InvalidDataError.isInstance(cause)) throw cause;
    throw new InvalidDataError({
      source: "easeR",
      actual: `l2Weight ${l2Weight}, with which XᵀX + λI cannot be inverted in single precision (${cause.message})`,
      expected: "a greater one",
      cause,
    });
  }
  return weightsFrom(inverse);
}

/** −P diag(1 / diag P) with zeros on the diagonal. */
function weightsFrom(inverse: SymmetricBlocks): Float32Array {
  const { size } = inverse;
  const weights = new Float32Array(size * size);
  const diagonal = new Float32Array(size);
  forEachRow(inverse, (values, row) => {
    diagonal[row] = values[row];
    for (let column = 0; column < row; column += 1) {
      weights[row * size + column] = -values[column] / diagonal[column];
      weights[column * size + row] = -values[column] / diagonal[row];
    }
  });
  return weights;
}

function assertFits(itemCount: number, memoryLimit: number): void {
  if (bytesPerPair * itemCount ** 2 <= memoryLimit) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB`;
  throw new InvalidDataError({
    source: "easeR",
    actual: `${itemCount} items, which take ${gigabytes(bytesPerPair * itemCount ** 2)}`,
    expected: `at most ${Math.floor(Math.sqrt(memoryLimit / bytesPerPair))} items, which fit in the ${gigabytes(memoryLimit)} of memory`,
  });
}

function availableMemory(): number {
  // Node.js has this since 20.13; browsers do not say.
  const { availableMemory } = globalThis.process ?? {};
  return availableMemory?.() ?? 2 ** 31;
}
