import { DMRecError, hasErrorCode } from "./dmrec-error";

/** A computation that needs more memory than the machine, or its graphics card, has left. */
export class OutOfMemoryError extends DMRecError {
  /** The bytes that were asked for at once, if that is known. */
  readonly bytes: number | undefined;

  constructor(
    message: string,
    { bytes, ...options }: ErrorOptions & { readonly bytes?: number | undefined } = {},
  ) {
    super("out-of-memory", message, options);
    this.name = "OutOfMemoryError";
    this.bytes = bytes;
  }

  static override isInstance(value: unknown): value is OutOfMemoryError {
    return hasErrorCode(value, "out-of-memory");
  }
}

/** Bytes as messages name them, such as `1,440.5 MB`. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

/** True for the failure of JavaScript to make an array that it has no memory for. */
export function isRefusedArray(failure: unknown): failure is RangeError {
  return (
    failure instanceof RangeError &&
    /array buffer allocation failed|invalid typed array length/i.test(failure.message)
  );
}
