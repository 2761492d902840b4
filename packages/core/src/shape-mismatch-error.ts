import { DMRecError } from "./error";

/** Two sizes that should agree and do not. */
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
}

/** Asserts that a shape is the expected one. */
export function assertShape(what: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.length !== expected.length || actual.some((size, axis) => size !== expected[axis])) {
    throw new ShapeMismatchError(what, expected, actual);
  }
}
