import { UnsupportedError } from "@dmrec/core";

/** The error of a function that computes something else at other sizes. */
export function dependsOnSizes(difference: string): UnsupportedError {
  return new UnsupportedError(
    `the function cannot be made for all sizes: what it computes depends on them (${difference})`,
  );
}
