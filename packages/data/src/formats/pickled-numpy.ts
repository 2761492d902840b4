import { DMRecError } from "@dmrec/core";
import { decodeNumpyElements, numpyElementSize } from "./numpy-array";
import type { PermittedConstructors, PickleConstructor, Restorable } from "./unpickler";

/** A NumPy element type, such as `f4` in the byte order `<`. */
class NumpyType implements Restorable {
  byteOrder = "<";

  constructor(readonly type: string) {}

  restore(state: unknown): void {
    const [, byteOrder] = tuple(state);
    if (typeof byteOrder === "string") this.byteOrder = byteOrder;
  }
}

/** A pickled NumPy array of numbers. */
export class PickledArray implements Restorable {
  shape: readonly number[] = [];
  fortranOrder = false;
  elements: ReturnType<typeof decodeNumpyElements> = new Float32Array();

  /** The state is (version, shape, type, whether in Fortran's order, bytes). */
  restore(state: unknown): void {
    const [, shape, type, fortranOrder, bytes] = tuple(state);
    this.fill(bytes, type, shape, fortranOrder === true);
  }

  fill(bytes: unknown, type: unknown, shape: unknown, fortranOrder: boolean): this {
    this.shape = tuple(shape).map(size);
    this.fortranOrder = fortranOrder;
    const count = this.shape.reduce((product, length) => product * length, 1);
    const elementSize = type instanceof NumpyType ? numpyElementSize(type.type) : undefined;
    if (!(type instanceof NumpyType) || elementSize === undefined)
      throw invalid("an array whose elements are no numbers");
    if (!(bytes instanceof Uint8Array) || bytes.length !== count * elementSize) {
      throw invalid(`an array of shape [${this.shape.join(", ")}] without its ${count * elementSize} bytes`);
    }
    this.elements = decodeNumpyElements(bytes, type.type, type.byteOrder, count);
    return this;
  }
}

const reconstruct: PickleConstructor = () => new PickledArray();
const fromBuffer: PickleConstructor = ([bytes, type, shape, order]) =>
  new PickledArray().fill(bytes, type, shape, order === "F");
const scalar: PickleConstructor = ([type, bytes]) =>
  new PickledArray().fill(bytes, type, [], false).elements[0];
const encode: PickleConstructor = ([text]) => {
  if (typeof text !== "string") throw invalid("bytes that are not written as text");
  return new Uint8Array(Buffer.from(text, "latin1"));
};
const makeType: PickleConstructor = ([type]) => {
  if (typeof type !== "string") throw invalid("an element type without a name");
  return new NumpyType(type.replace(/^[<>|=]/, ""));
};
/** The class itself is only ever an argument. */
const ndarray: PickleConstructor = () => new PickledArray();

/** What pickled NumPy arrays need, in the module names of NumPy 1 and 2. */
export const numpyConstructors: PermittedConstructors = new Map([
  ["numpy.ndarray", ndarray],
  ["numpy.dtype", makeType],
  ["_codecs.encode", encode],
  ...["numpy.core", "numpy._core"].flatMap((core): [string, PickleConstructor][] => [
    [`${core}.multiarray._reconstruct`, reconstruct],
    [`${core}.multiarray.scalar`, scalar],
    [`${core}.numeric._frombuffer`, fromBuffer],
  ]),
]);

function tuple(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid("something else than a tuple");
}

function size(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`the length ${String(value)}`);
}

/** The unpickler adds the place. */
function invalid(message: string): DMRecError {
  return new DMRecError("invalid-data", message);
}
