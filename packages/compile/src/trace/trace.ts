import { invalidOption, UnsupportedError } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";
import { elementType } from "../graph/element-types";
import { type Graph, sameElements, type Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";
import { cast } from "../graph/operators";
import { rowIndices } from "../kernels/indexing";
import { record } from "./record";
import { recordTopK } from "./record-top-k";
import { recordedValue } from "./recording";
import { tensorOf } from "./recording-backend";

/** The handle of an input that says how many values {@link Recorder.topK} gives. Each run of the graph chooses it. */
export interface Count {
  readonly value: Value;
}

/** The requests that a traced function may make. */
export interface Recorder {
  /**
   * An input of the graph. Every run gives it new numbers, and tfjs differentiates with respect to it.
   *
   * @param dtype The element type. @default "float32"
   * @example
   * const [x, rows] = [recorder.input<tf.Rank.R2>("x", [3, 2]), recorder.input<tf.Rank.R1>("rows", [3], "int32")];
   */
  input<R extends tf.Rank>(
    name: string,
    shape: tf.ShapeMap[R],
    dtype?: "float32" | "int32" | "bool",
  ): tf.Tensor<R>;
  /** Names the part of the computation that follows, for profiles: names of operations start with it. */
  region(name: string): void;
  /** The row of each element of a matrix, row after row, `[rows · columns]`: sums by it become sums along the rows. */
  rowIndices(matrix: tf.Tensor2D): tf.Tensor1D;
  /**
   * An int64 `[1]` input that says how many values {@link topK} gives.
   *
   * @example
   * const { values, indices } = recorder.topK(scores, recorder.count("count"));
   */
  count(name: string): Count;
  /**
   * The greatest values of each row, greatest first, and their columns. Of equal values, the lower column comes first.
   *
   * @param matrix A matrix, or blocks of its columns from left to right. Blocks are ranked one by one, so the matrix need not
   *   exist as a whole. The count may be at most the number of columns.
   */
  topK(
    matrix: tf.Tensor2D | readonly tf.Tensor2D[],
    count: Count,
  ): { readonly values: tf.Tensor2D; readonly indices: tf.Tensor2D };
}

/**
 * Records the computation of a function of tfjs operations, gradients included, as a graph. Nothing is computed.
 *
 * The function runs twice. Random numbers that it draws by itself differ between the two and are refused, because every
 * run of the graph would repeat them.
 *
 * @returns The graph. Its outputs have the names of the function's results.
 * @throws UnmappedKernelError if the function uses a tfjs kernel that has no counterpart in ONNX.
 * @throws InvalidOptionsError if two inputs, or an input and an output, have one name.
 * @throws UnsupportedError if the function reads the numbers of a tensor, or is not the same each time.
 * @example
 * const graph = trace((recorder) => {
 *   const x = recorder.input<tf.Rank.R1>("x", [2]);
 *   const { value, grad } = tf.valueAndGrad((x: tf.Tensor1D) => tf.sum(tf.square(x)))(x);
 *   return { value, gradient: grad };
 * });
 */
export function trace(build: (recorder: Recorder) => Readonly<Record<string, tf.Tensor>>): Graph {
  const [first, second] = [traceOnce(build), traceOnce(build)];
  assertSame(first, second);
  return second;
}

function traceOnce(build: (recorder: Recorder) => Readonly<Record<string, tf.Tensor>>): Graph {
  const builder = new GraphBuilder();
  return record(builder, () => {
    const recorder: Recorder = {
      input: <R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], dtype = "float32") =>
        tensorOf(builder.input(name, { type: elementType(dtype), shape: [...shape] })) as tf.Tensor<R>,
      region(name) {
        builder.region = name;
      },
      rowIndices(matrix) {
        const output = { type: "int32" as const, shape: [matrix.size] };
        return tensorOf(builder.add(rowIndices, [recordedValue(matrix)], output)) as tf.Tensor1D;
      },
      count: (name) => ({ value: builder.input(name, { type: "int64", shape: [1] }) }),
      topK(matrix, { value: count }) {
        const blocks = "dataId" in matrix ? [matrix] : matrix;
        const { values, columns } = recordTopK(builder, blocks.map(recordedValue), count);
        return {
          values: tensorOf(values) as tf.Tensor2D,
          indices: tensorOf(cast(builder, columns, "int32")) as tf.Tensor2D,
        };
      },
    };
    const outputs = Object.entries(build(recorder)).map(
      ([name, tensor]) => [name, recordedValue(tensor)] as const,
    );
    const graph = builder.build(Object.fromEntries(outputs));
    assertNames(graph);
    return graph;
  });
}

/** A graph whose inputs and outputs share a name is no valid ONNX model. */
function assertNames({ inputs, outputs }: Graph): void {
  const names = new Set<string>();
  for (const { name } of inputs) {
    if (names.has(name))
      throw invalidOption("trace", `two inputs called "${name}"; expected different names`);
    names.add(name);
  }
  for (const name of Object.keys(outputs))
    if (names.has(name))
      throw invalidOption("trace", `an input and an output called "${name}"; expected different names`);
}

function assertSame(first: Graph, second: Graph): void {
  const operators = ({ nodes }: Graph) => nodes.map(({ operator }) => operator).join();
  if (operators(first) !== operators(second)) {
    throw new UnsupportedError("a traced function computes something else each time that it is called");
  }
  const [constants, others] = [[...first.constants.values()], [...second.constants.values()]];
  if (constants.some((constant, index) => !sameElements(constant, others[index]))) {
    throw new UnsupportedError(
      "a traced function draws random numbers or reads a clock by itself, which a graph would repeat in every run; make such values inputs",
    );
  }
}
