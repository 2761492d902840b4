import * as tf from "@tensorflow/tfjs-core";
import { maximumTokens } from "./token-batch";

/** Texts as tokens, padded to one length. */
export interface TokenBatch {
  /** int32 `[texts, length]`. */
  readonly tokens: tf.Tensor2D;
  /** float32 `[texts, length]`: 1 for a token, 0 for padding. */
  readonly isToken: tf.Tensor2D;
}

/** Gives a weight by the name that the package's graph gives it. */
export type WeightReader = <R extends tf.Rank>(name: string) => tf.Tensor<R>;

/** The sizes of a batch, and what to add to the attention to its tokens, `[texts, 1, 1, length]`. */
interface Attended {
  readonly texts: number;
  readonly length: number;
  readonly padding: tf.Tensor4D;
}

const heads = 4;

/** Added to the attention to padding, which vanishes then. */
const hidden = -1e9;

const graph = "module_apply_default/Encoder_en/KonaTransformer/Encode";
const encoder = "module/Encoder_en";

/**
 * The embeddings of texts by the Universal Sentence Encoder lite (Cer et al. 2018), `[texts, 512]`, of length 1: two transformer
 * layers (Vaswani et al. 2017, with the normalization before each part), the mean over the tokens, and a dense layer.
 */
export function sentenceEmbeddings({ tokens, isToken }: TokenBatch, weight: WeightReader): tf.Tensor2D {
  const [texts, length] = tokens.shape;
  const padding = tf.reshape<tf.Rank.R4>(tf.mul(tf.sub(1, isToken), hidden), [texts, 1, 1, length]);
  const attended = { texts, length, padding };
  const embedded = tf.gather(weight<tf.Rank.R2>("module/Embeddings_en"), tokens);
  const position = tf.slice(positionSignal(weight), [0, 0], [length, -1]);
  // The graph adds the embedding once with its position and once without.
  const input = tf.reshape<tf.Rank.R2>(tf.add(tf.add(embedded, position), embedded), [texts * length, -1]);
  const first = transformerLayer(input, 0, attended, weight);
  const states = tf.reshape<tf.Rank.R3>(transformerLayer(first, 1, attended, weight), [texts, length, -1]);
  const sums = tf.sum<tf.Tensor2D>(tf.mul(states, tf.expandDims(isToken, 2)), 1);
  const means = tf.div<tf.Tensor2D>(sums, tf.maximum(tf.sum(isToken, 1, true), 1));
  const last = `${encoder}/hidden_layers/tanh_layer_0`;
  const output = tf.tanh(dense(means, weight(`${last}/weights`), weight(`${last}/bias`)));
  return tf.mul(output, tf.rsqrt(tf.maximum(tf.sum(tf.square(output), 1, true), 1e-13)));
}

/** Sines and cosines of each position, `[128, 256]` (Vaswani et al. 2017, section 3.5). */
function positionSignal(weight: WeightReader): tf.Tensor2D {
  const inverseScales = weight<tf.Rank.R2>(
    `${graph}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`,
  );
  const angles = tf.mul<tf.Tensor2D>(tf.expandDims(tf.range(0, maximumTokens), 1), inverseScales);
  return tf.concat2d([tf.sin(angles), tf.cos(angles)], 1);
}

/** One layer: self-attention, then two dense layers, each added to its input. `[texts · length, width]` in and out. */
function transformerLayer(
  input: tf.Tensor2D,
  index: 0 | 1,
  attended: Attended,
  weight: WeightReader,
): tf.Tensor2D {
  const layer = `${graph}/Layer_${index}/TransformerLayer`;
  const stack = `${graph}/TransformerStack/Layer_${index}/TransformerLayer`;
  const part = <R extends tf.Rank>(name: string) => weight<R>(`${layer}/${name}/ConcatPartitions/concat`);
  // The first layer is narrower than its output.
  const residual =
    index === 0 ? dense(input, part<tf.Rank.R2>("dense/kernel"), part<tf.Rank.R1>("dense/bias")) : input;
  const norm = "layer_prepostprocess/layer_norm";
  const normalized = layerNorm(input, part(`${norm}/layer_norm_scale`), part(`${norm}/layer_norm_bias`));
  const projection = (name: string, x: tf.Tensor2D) => {
    const kernel = weight(
      `${encoder}/KonaTransformer/Encode/Layer_${index}/TransformerLayer/MultiheadAttention/${name}/kernel/part_0`,
    );
    // A convolution with a window of one token.
    const matrix = tf.reshape<tf.Rank.R2>(kernel, [kernel.shape[2] ?? 0, kernel.shape[3] ?? 0]);
    return dense(x, matrix, part<tf.Rank.R1>(`MultiheadAttention/${name}/bias`));
  };
  const mixed = projection(
    "output_transform_single",
    selfAttention(projection("qkv_transform_single", normalized), attended),
  );
  const middle = tf.add<tf.Tensor2D>(mixed, residual);
  const again = layerNorm(middle, part(`FFN/${norm}/layer_norm_scale`), part(`FFN/${norm}/layer_norm_bias`));
  const wide = tf.relu(
    dense(again, weight(`${stack}/FFN/conv1/Tensordot/Reshape_1`), part("FFN/conv1/bias")),
  );
  const narrow = dense(wide, weight(`${stack}/FFN/conv2/Tensordot/Reshape_1`), part("FFN/conv2/bias"));
  return tf.add(narrow, middle);
}

/** Attention of each token to those of its text, `[texts · length, 3 · width]` to `[texts · length, width]`. */
function selfAttention(projected: tf.Tensor2D, { texts, length, padding }: Attended): tf.Tensor2D {
  const width = projected.shape[1] / 3;
  const [queries, keys, values] = tf
    .split(projected, 3, 1)
    .map((part) => tf.transpose(tf.reshape(part, [texts, length, heads, width / heads]), [0, 2, 1, 3]));
  const scaled = tf.mul(queries, (width / heads) ** -0.5);
  const weights = tf.softmax(tf.add(tf.matMul(scaled, keys, false, true), padding));
  return tf.reshape(tf.transpose(tf.matMul(weights, values), [0, 2, 1, 3]), [texts * length, width]);
}

/** Layer normalization (Ba et al. 2016) of each row. */
function layerNorm(x: tf.Tensor2D, scale: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  return tf.add(tf.mul(tf.mul(scale, tf.rsqrt(tf.add(variance, 1e-6))), centred), bias);
}

function dense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(x, kernel), bias);
}
