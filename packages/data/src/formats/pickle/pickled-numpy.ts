import { InvalidDataError } from "@dmrec/core";
import { isDimension, type NumpyElements, numpyElementType } from "../numpy/numpy-array";
import { type PermittedConstructors, type PickleConstructor, Restorable } from "./pickle-machine";

/** A NumPy element type, such as `f4` in the byte order `<`. */
class PickledType extends Restorable {
  #byteOrder = "<";
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name.replace(/^[<>=|]/, "");
  }

  get elementType() {
    return numpyElementType(this.#name, this.#byteOrder);
  }

  /** The state is (version, byte order, …). */
  restore(state: unknown): void {
    const [, byteOrder] = tuple(state);
    if (typeof byteOrder !== "string") throw invalid("an element type without its byte order");
    this.#byteOrder = byteOrder;
  }
}

/** A pickled NumPy array of real numbers. */
export class PickledArray extends Restorable {
  shape: readonly number[] = [];
  fortranOrder = false;
  /** Stored in the array's own order. */
  elements: NumpyElements = new Float32Array();

  /** The state is (version, shape, type, true for Fortran's order, bytes). */
  restore(state: unknown): void {
    const [, shape, type, fortranOrder, bytes] = tuple(state);
    this.fill(bytes, type, shape, fortranOrder === true);
  }

  fill(bytes: unknown, type: unknown, shape: unknown, fortranOrder: boolean): this {
    const elementType = type instanceof PickledType ? type.elementType : undefined;
    if (!elementType) throw invalid("an array whose elements are no real numbers");
    this.shape = tuple(shape).map(dimension);
    this.fortranOrder = fortranOrder;
    const byteCount = this.shape.reduce((product, length) => product * length, elementType.size);
    if (!(bytes instanceof Uint8Array) || bytes.length !== byteCount) {
      throw invalid(`an array of shape [${this.shape.join(", ")}] without its ${byteCount} bytes`);
    }
    this.elements = elementType.decode(bytes);
    return this;
  }
}

const emptyArray: PickleConstructor = () => new PickledArray();

/** Protocol 5: the bytes, the type, the shape and the order. */
const arrayFromBuffer: PickleConstructor = ([bytes, type, shape, order]) => {
  if (order !== "C" && order !== "F") throw invalid("an array in neither C's nor Fortran's order");
  return new PickledArray().fill(bytes, type, shape, order === "F");
};

const scalar: PickleConstructor = ([type, bytes]) =>
  new PickledArray().fill(bytes, type, [], false).elements[0];

const elementType: PickleConstructor = ([name]) => {
  if (typeof name !== "string") throw invalid("an element type without a name");
  return new PickledType(name);
};

/** Protocol 2 has no bytes: they are a text whose characters are the bytes, and none at all a call of `bytes`. */
const bytesOfText: PickleConstructor = ([text, encoding]) => {
  if (typeof text !== "string" || encoding !== "latin1" || /[^\0-\xff]/.test(text)) {
    throw invalid("bytes that are not written as latin1");
  }
  return new Uint8Array(Buffer.from(text, "latin1"));
};
const noBytes: PickleConstructor = (args) => {
  if (args.length > 0) throw invalid("bytes made of something");
  return new Uint8Array();
};

/** The constructors of pickled NumPy arrays, under the module names of NumPy 1 and 2. */
export const numpyConstructors: PermittedConstructors = new Map([
  ["numpy.ndarray", emptyArray],
  ["numpy.dtype", elementType],
  ["_codecs.encode", bytesOfText],
  ["__builtin__.bytes", noBytes],
  ...["numpy.core", "numpy._core"].flatMap((core): [string, PickleConstructor][] => [
    [`${core}.multiarray._reconstruct`, emptyArray],
    [`${core}.multiarray.scalar`, scalar],
    [`${core}.numeric._frombuffer`, arrayFromBuffer],
  ]),
]);

function tuple(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid("a value that is no tuple");
}

function dimension(value: unknown): number {
  if (isDimension(value)) return value;
  throw invalid(`a dimension of ${typeof value === "number" ? value : "no number"}`);
}

/** The unpickler adds the byte. */
function invalid(actual: string): InvalidDataError {
  return new InvalidDataError({
    source: "the pickle",
    actual,
    expected: "a pickle of a plain array or matrix",
  });
}
