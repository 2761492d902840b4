import type { DataWarning } from "@dmrec/data";

/** Prints a warning about the data as one line on standard error. */
export function printWarning({ source, location, message, count }: DataWarning): void {
  const place = location === undefined ? source : `${source}, ${location}`;
  const total = count > 1 ? ` (${count.toLocaleString("en")} in all)` : "";
  console.error(`Warning: ${place}: ${message}${total}`);
}
