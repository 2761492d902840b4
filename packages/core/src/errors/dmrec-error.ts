const marker = Symbol.for("dmrec.error");

/** The kind of an error in one word. Codes are stable, so programs can branch on them. */
export type DMRecErrorCode =
  | "invalid-data"
  | "invalid-options"
  | "shape-mismatch"
  | "non-finite-loss"
  | "file"
  | "runtime"
  | "out-of-memory"
  | "model-call"
  | "store"
  | "unsupported";

/**
 * The base class of all errors of this project. Each kind of error is a subclass.
 *
 * Recognise an error with the `isInstance` of its class. Unlike `instanceof`, it also works if two copies of a package
 * are installed, and it narrows to the class, so its fields are typed.
 */
export abstract class DMRecError extends Error {
  readonly code: DMRecErrorCode;

  constructor(code: DMRecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DMRecError";
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for every error of this project, of any installed copy. */
  static isInstance(value: unknown): value is DMRecError {
    return value instanceof Error && marker in value;
  }
}

/** True for an error of this project with this code; what the `isInstance` of a subclass checks. */
export function hasErrorCode(value: unknown, code: DMRecErrorCode): boolean {
  return DMRecError.isInstance(value) && value.code === code;
}

/** The first line of what an error says, to be quoted in another message. */
export function causeMessage(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n")[0];
}
