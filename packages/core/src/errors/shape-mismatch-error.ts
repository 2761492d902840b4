import { DMRecError, hasErrorCode } from "./dmrec-error";

/** Two shapes that should agree but differ. */
export class ShapeMismatchError extends DMRecError {
  readonly expectedShape: readonly number[];
  readonly actualShape: readonly number[];

  constructor(what: string, expectedShape: readonly number[], actualShape: readonly number[]) {
    super(
      "shape-mismatch",
      `${what} has shape [${actualShape.join(", ")}]; expected [${expectedShape.join(", ")}]`,
    );
    this.name = "ShapeMismatchError";
    this.expectedShape = expectedShape;
    this.actualShape = actualShape;
  }

  static override isInstance(value: unknown): value is ShapeMismatchError {
    return hasErrorCode(value, "shape-mismatch");
  }
}

/** @throws ShapeMismatchError if the shapes differ. */
export function assertShape(what: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.length !== expected.length || actual.some((size, axis) => size !== expected[axis])) {
    throw new ShapeMismatchError(what, expected, actual);
  }
}
