import { type ExportPrecision, invalidOption, UnsupportedError } from "@dmrec/core";
import { countUses, type Graph } from "../graph/graph";
import { lower } from "../passes";
import { removeUnused } from "../passes/remove-unused";
import { readCaptured } from "../trace/captured-tensors";
import { type DynamicGraph, mostDimensions, withDynamicDimensions } from "./dynamic-dimensions";
import { narrowWeights } from "./narrow/narrow-weights";
import { encodeModel, type ModelOptions } from "./onnx-model";
import { splitColumns } from "./split-columns";

/** Options of {@link exportModel}. Give `dimensions` for outputs whose shape the trace does not know. */
export interface ExportOptions extends ModelOptions {
  /** Names of the trace's inputs that the model will not have. The function must not read them. @default [] */
  readonly unavailable?: readonly string[];
  /**
   * The type of the file's large arrays. `float16` files are half as large and computed in float32. `int8` files are a
   * quarter, with a scale for each row or column, and their products of matrices are computed in integers.
   *
   * @default "float32"
   */
  readonly precision?: ExportPrecision;
}

/**
 * Writes a function as a self-contained ONNX file for all sizes of some dimensions. The file has the tensors that the
 * function closes over, and only the inputs that the function reads.
 *
 * @param names The dimensions whose sizes each run may choose, at most 5.
 * @param traceAt Traces the function at given sizes.
 * @returns The bytes of the file.
 * @throws InvalidOptionsError for more dimensions, or two of one name.
 * @throws UnsupportedError if more than sizes depends on the sizes, the function reads an unavailable input, or the constants do not fit
 *   in a file.
 * @example
 * const bytes = exportModel(["rows"], ({ rows }) =>
 *   trace((recorder) => ({ y: tf.neg(recorder.input<tf.Rank.R1>("x", [rows])) })),
 * );
 */
export function exportModel<Name extends string>(
  names: readonly Name[],
  traceAt: (sizes: Readonly<Record<Name, number>>) => Graph,
  { unavailable = [], precision = "float32", ...options }: ExportOptions = {},
): Uint8Array {
  if (names.length > mostDimensions || new Set(names).size < names.length) {
    const expected = `at most ${mostDimensions} different names of dimensions`;
    throw invalidOption("exportModel.names", `${names.join(", ")}; expected ${expected}`);
  }
  const { graph, dimensions }: DynamicGraph<Name> = withDynamicDimensions(names, (sizes) => {
    const { graph } = lower(traceAt(sizes), { inBlocks: false });
    const uses = countUses(graph);
    return { ...graph, inputs: graph.inputs.filter((value) => uses.has(value)) };
  });
  const missing = graph.inputs.find(({ name }) => unavailable.includes(name));
  if (missing) {
    throw new UnsupportedError(
      `the function reads "${missing.name}", which the exported model does not have`,
    );
  }
  const captured = [...graph.captured].map(([value, dataId]) => [value, readCaptured(dataId)] as const);
  // Sizes that became dynamic have left their constants behind.
  const self = removeUnused({ ...graph, constants: new Map([...graph.constants, ...captured]) });
  const inBlocks = removeUnused(splitColumns(self));
  return encodeModel(removeUnused(narrowWeights(inBlocks, precision)), {
    ...options,
    dimensions: { ...dimensions, ...options.dimensions },
  });
}
