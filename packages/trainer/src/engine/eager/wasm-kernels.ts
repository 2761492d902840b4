import { InvalidDataError } from "@dmrec/core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

type KernelParameters = Parameters<tf.KernelFunc>[0];

/** Adds the kernel that the WASM backend lacks and the gradient of a gather needs: the sums of rows by segment. */
export function addMissingWasmKernels(): void {
  tf.registerKernel({ kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc: sumsOfSegments });
}

function sumsOfSegments({ inputs, attrs, backend }: KernelParameters): ReturnType<tf.KernelFunc> {
  const { x, segmentIds } = inputs;
  if (!x || !segmentIds) throw new RangeError("UnsortedSegmentSum needs x and segmentIds");
  const indices = { ...segmentIds, shape: [...segmentIds.shape, 1] };
  const shape = [Number(attrs?.numSegments), ...x.shape.slice(segmentIds.shape.length)];
  return tf
    .getKernel("ScatterNd", "wasm")
    .kernelFunc({ inputs: { updates: x, indices }, attrs: { shape }, backend });
}

/**
 * Replaces two kernels of tfjs's WASM backend that are an order of magnitude slower than they need to be, and that
 * every training step runs: matrix products with a transposed operand, and the gathering of rows.
 */
export function speedUpWasmKernels(): void {
  replaceKernel("BatchMatMul", productOfTransposedCopies);
  replaceKernel("GatherV2", rowsCopiedWhole);
}

/** XNNPACK's product takes no transposes, and the backend's own loop for them is slow; a transposed copy is cheap. */
function productOfTransposedCopies(
  original: tf.KernelFunc,
  parameters: KernelParameters,
): ReturnType<tf.KernelFunc> {
  const { inputs, attrs, backend } = parameters;
  const { a, b } = inputs;
  if (!a || !b || !isWasm(backend) || !(attrs?.transposeA || attrs?.transposeB)) return original(parameters);
  const copies: tf.TensorInfo[] = [];
  const transposed = (x: tf.TensorInfo) => {
    const axes = x.shape.map((_, axis) => axis);
    const perm = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
    const copy = single(
      tf.getKernel("Transpose", "wasm").kernelFunc({ inputs: { x }, attrs: { perm }, backend }),
    );
    copies.push(copy);
    return copy;
  };
  const operands = { a: attrs.transposeA ? transposed(a) : a, b: attrs.transposeB ? transposed(b) : b };
  const product = original({ inputs: operands, attrs: { transposeA: false, transposeB: false }, backend });
  for (const { dataId } of copies) backend.disposeData(dataId);
  return product;
}

/** The rows of a matrix lie in one piece each: copied whole, not number by number. */
function rowsCopiedWhole(original: tf.KernelFunc, parameters: KernelParameters): ReturnType<tf.KernelFunc> {
  const { inputs, attrs, backend } = parameters;
  const { x, indices } = inputs;
  if (!x || !indices || !isWasm(backend) || !isGatherOfRows(x, indices, attrs?.axis))
    return original(parameters);
  const [height, width] = x.shape;
  // Before the allocation, so that nothing is left if it throws.
  assertRowsExist(backend.typedArrayFromHeap(indices), height);
  const result = backend.makeOutput([indices.shape[0], width], x.dtype);
  // Views of one heap, taken after the allocation: an allocation may move the heap.
  const [source, target, rows] = [x, result, indices].map((tensor) => backend.typedArrayFromHeap(tensor));
  for (let row = 0; row < rows.length; row += 1) {
    target.set(source.subarray(rows[row] * width, (rows[row] + 1) * width), row * width);
  }
  return result;
}

/** A row outside the matrix would be copied from other tensors, or not at all. */
function assertRowsExist(rows: ArrayLike<number>, height: number): void {
  for (let position = 0; position < rows.length; position += 1) {
    if (rows[position] >= 0 && rows[position] < height) continue;
    throw new InvalidDataError({
      source: "the indices of a gather",
      location: `position ${position}`,
      actual: String(rows[position]),
      expected: `an index from 0 to ${height - 1}`,
    });
  }
}

function isGatherOfRows(x: tf.TensorInfo, indices: tf.TensorInfo, axis: unknown): boolean {
  return x.dtype === "float32" && x.shape.length === 2 && indices.shape.length === 1 && axis === 0;
}

function isWasm(backend: unknown): backend is BackendWasm {
  return typeof backend === "object" && backend !== null && "typedArrayFromHeap" in backend;
}

function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  return Array.isArray(result) ? result[0] : result;
}

function replaceKernel(
  name: string,
  replacement: (original: tf.KernelFunc, parameters: KernelParameters) => ReturnType<tf.KernelFunc>,
): void {
  const original = tf.getKernel(name, "wasm");
  tf.unregisterKernel(name, "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (parameters) => replacement(original.kernelFunc, parameters),
  });
}
