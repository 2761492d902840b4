import { exportModel, type Graph, trace } from "@dmrec/compile";
import { InvalidDataError } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";
import type { ModelPackage } from "./model-package";
import { tensorNames } from "./token-batch";
import { sentenceEmbeddings } from "./transformer";

/**
 * The Universal Sentence Encoder lite as the bytes of an ONNX model for any number of texts and tokens: `tokens` int32
 * `[texts, length]` and `is_token` float32 `[texts, length]`, 0 for padding, to `embeddings` `[texts, 512]`.
 *
 * The package's tfjs graph computes the same, but no graph of fixed operations: it packs texts without padding, into shapes that
 * depend on the tokens.
 *
 * @param source The name of the model's folder, for messages.
 * @throws InvalidDataError if a weight is missing.
 */
export function onnxTransformer({ weights }: ModelPackage, source: string): Uint8Array {
  const arrays = new Map<string, Float32Array>();
  return exportModel(["texts", "length"], ({ texts, length }) => {
    const graph = trace((recorder) => {
      const inputs = new Map<string, tf.Tensor>();
      const weight = <R extends tf.Rank>(name: string): tf.Tensor<R> => {
        const found = weights.get(name);
        if (!found)
          throw new InvalidDataError({ source, actual: `no weight ${name}`, expected: "the whole model" });
        arrays.set(name, found.values);
        const input = inputs.get(name) ?? recorder.input(name, [...found.shape] as tf.ShapeMap[R]);
        inputs.set(name, input);
        return input as tf.Tensor<R>;
      };
      const tokens = recorder.input<tf.Rank.R2>(tensorNames.tokens, [texts, length], "int32");
      const isToken = recorder.input<tf.Rank.R2>(tensorNames.isToken, [texts, length]);
      return { [tensorNames.embeddings]: sentenceEmbeddings({ tokens, isToken }, weight) };
    });
    return withConstants(graph, arrays);
  });
}

/** A graph in which some inputs have become constants, so that no run brings the weights along. */
function withConstants(graph: Graph, arrays: ReadonlyMap<string, Float32Array>): Graph {
  const constants = new Map(graph.constants);
  const inputs = graph.inputs.filter((value) => {
    const array = arrays.get(value.name);
    if (array) constants.set(value, array);
    return !array;
  });
  return { ...graph, inputs, constants };
}
