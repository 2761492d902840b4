/** Something in the data that is usable but worth knowing. */
export interface DataWarning {
  /** The file or table. */
  readonly source: string;
  /** Where the first one stands. */
  readonly location?: string;
  readonly message: string;
  /** How many there are. */
  readonly count: number;
}

export type WarningHandler = (warning: DataWarning) => void;

/** Prints a warning as Node's warnings are printed. */
export function emitWarning({ source, location, message, count }: DataWarning): void {
  const place = location === undefined ? source : `${source}, ${location}`;
  process.emitWarning(
    `${place}: ${message}${count > 1 ? ` (${count.toLocaleString("en")} in all)` : ""}`,
    "DMRecWarning",
  );
}
