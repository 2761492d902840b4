import { type DataWarning, describeWarning } from "@dmrec/data";

/** Prints a data warning as one plain line. */
export function printWarning(warning: DataWarning): void {
  console.error(`Warning: ${describeWarning(warning)}`);
}
