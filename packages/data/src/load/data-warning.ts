/** Data that is usable but worth knowing. */
export interface DataWarning {
  /** The file or table. */
  readonly source: string;
  /** The place of the first one. */
  readonly location?: string;
  readonly message: string;
  /** The number of such places. */
  readonly count: number;
}

export type WarningHandler = (warning: DataWarning) => void;

/** A warning as one line. */
export function describeWarning({ source, location, message, count }: DataWarning): string {
  const place = location === undefined ? source : `${source}, ${location}`;
  return `${place}: ${message}${count > 1 ? ` (${count.toLocaleString("en")} in all)` : ""}`;
}

/** Prints a warning as Node's warnings are printed. */
export function emitWarning(warning: DataWarning): void {
  process.emitWarning(describeWarning(warning), "DMRecWarning");
}
