import { inMegabytes, isRefusedArray, OutOfMemoryError } from "@dmrec/core";

/** The words of ONNX Runtime, of its providers' drivers and of C++ for memory that is not there. */
const memoryFailure = /failed to allocate memory|out[ _]of[ _](device[ _]|host[ _])?memory|bad[ _]alloc/i;

/**
 * The error for a run that was refused memory, with the bytes it asked for and those that it holds.
 *
 * @returns Undefined for a failure of another kind.
 */
export function outOfMemory(
  failure: unknown,
  held: { readonly inputs: number; readonly outputs: number },
): OutOfMemoryError | undefined {
  const message = failure instanceof Error ? failure.message : "";
  if (!isRefusedArray(failure) && !memoryFailure.test(message)) return undefined;
  const [, size] = /requested buffer of size (\d+)/.exec(message) ?? [];
  const [, operator, name] = /running (\w+) node\. Name:'([^']*)'/.exec(message) ?? [];
  const bytes = size === undefined ? undefined : Number(size);
  const asked = bytes === undefined ? "memory" : `${inMegabytes(bytes)} (${bytes} bytes) at once`;
  const asker =
    name === undefined ? "the run of a graph" : `the operation "${name}" (${operator}) of a graph`;
  return new OutOfMemoryError(
    `${asker} asked for ${asked}, which there is not, beside ${inMegabytes(held.inputs)} of inputs and ${inMegabytes(held.outputs)} of outputs`,
    { bytes, cause: failure },
  );
}
