/** Prints a data warning as one plain line. */
export function printWarning(message: string): void {
  console.error(`Warning: ${message}`);
}
