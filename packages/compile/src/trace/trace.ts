import { UnsupportedError } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";
import { elementType } from "../graph/element-types";
import { type Graph, sameElements, type Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";
import { cast } from "../graph/operators";
import { rowIndices } from "../kernels/indexing";
import { record } from "./record";
import { recordedValue } from "./recording";
import { tensorOf } from "./recording-backend";

/** A number of values, which each run of a graph chooses. */
export interface Count {
  readonly value: Value;
}

/** The requests that a traced function may make. */
export interface Recorder {
  /** An input of the graph; every run gives it new numbers. */
  input<R extends tf.Rank>(
    name: string,
    shape: tf.ShapeMap[R],
    dtype?: "float32" | "int32" | "bool",
  ): tf.Tensor<R>;
  /** The row of each element of a matrix, row after row, `[rows · columns]`: sums by it become sums along the rows. */
  rowIndices(matrix: tf.Tensor2D): tf.Tensor1D;
  /** An int64 `[1]` input that says how many values {@link topK} gives. */
  count(name: string): Count;
  /** The greatest values of each row, greatest first, and their columns. */
  topK(matrix: tf.Tensor2D, count: Count): { readonly values: tf.Tensor2D; readonly indices: tf.Tensor2D };
}

/**
 * Writes down what a function of tfjs operations computes, gradients included, as a graph. Nothing is computed.
 *
 * The function runs twice, so that what it draws by itself is noticed: it would be the same in every run of the graph.
 *
 * @returns the graph; its outputs are named as those of the function.
 * @throws UnmappedKernelError
 * @throws UnsupportedError when the function reads the numbers of a tensor, or is not the same each time.
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
      rowIndices(matrix) {
        const output = { type: "int32" as const, shape: [matrix.size] };
        return tensorOf(builder.add(rowIndices, [recordedValue(matrix)], output)) as tf.Tensor1D;
      },
      count: (name) => ({ value: builder.input(name, { type: "int64", shape: [1] }) }),
      topK(matrix, { value: count }) {
        const shape = [matrix.shape[0], 1];
        const [values, indices] = builder.addMany(
          "TopK",
          [recordedValue(matrix), count],
          [
            { type: "float32", shape },
            { type: "int64", shape },
          ],
          { sorted: 1 },
        );
        return {
          values: tensorOf(values) as tf.Tensor2D,
          indices: tensorOf(cast(builder, indices, "int32")) as tf.Tensor2D,
        };
      },
    };
    const outputs = Object.entries(build(recorder)).map(
      ([name, tensor]) => [name, recordedValue(tensor)] as const,
    );
    return builder.build(Object.fromEntries(outputs));
  });
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
