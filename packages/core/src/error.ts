const marker = Symbol.for("dmrec.error");

/** What went wrong, in one word; stable, so that programs can branch on it. */
export type DMRecErrorKind =
  | "invalid-data"
  | "invalid-options"
  | "shape-mismatch"
  | "non-finite-loss"
  | "checkpoint"
  | "runtime"
  | "model-call"
  | "store"
  | "unsupported";

/**
 * The error of every package of this project.
 *
 * Recognise it with {@link DMRecError.isInstance}, which also works when two copies of a package are installed,
 * where `instanceof` does not.
 */
export class DMRecError extends Error {
  readonly kind: DMRecErrorKind;

  constructor(kind: DMRecErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DMRecError";
    this.kind = kind;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for a DMRecError of any copy of this package and, where `kind` is given, of that kind. */
  static isInstance(value: unknown, kind?: DMRecErrorKind): value is DMRecError {
    return (
      value instanceof Error && marker in value && (kind === undefined || Reflect.get(value, "kind") === kind)
    );
  }
}
