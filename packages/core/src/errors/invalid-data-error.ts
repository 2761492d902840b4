import { DMRecError, hasErrorCode } from "./dmrec-error";

export interface InvalidDataDetails {
  /** The file, table or value that is wrong. */
  readonly source: string;
  /** The place in the source: `line 12`, `byte 480`, `row 3`. */
  readonly location?: string;
  /** The value that was found. */
  readonly actual: string;
  /** The value that was expected. */
  readonly expected: string;
  readonly cause?: unknown;
}

/** Input that cannot be used. The message says where, what was found and what was expected. */
export class InvalidDataError extends DMRecError {
  readonly source: string;
  readonly location: string | undefined;
  readonly actual: string;
  readonly expected: string;

  constructor({ source, location, actual, expected, cause }: InvalidDataDetails) {
    const place = location === undefined ? source : `${source}, ${location}`;
    super(
      "invalid-data",
      `${place}: ${actual}; expected ${expected}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "InvalidDataError";
    this.source = source;
    this.location = location;
    this.actual = actual;
    this.expected = expected;
  }

  static override isInstance(value: unknown): value is InvalidDataError {
    return hasErrorCode(value, "invalid-data");
  }
}
