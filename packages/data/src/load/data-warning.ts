/** A peculiarity of the data that does not prevent its use. */
export interface DataWarning {
  /** The file or table. */
  readonly source: string;
  /** The place of the first one. */
  readonly location?: string;
  readonly message: string;
  /** The number of such peculiarities. */
  readonly count: number;
  /** The name of the things that are left out, e.g. `events rated below 4`. Absent if nothing is. */
  readonly leftOut?: string;
}

/** Receives the warnings of the readers. */
export type WarningHandler = (warning: DataWarning) => void;

/** A warning in one line. */
export function warningMessage({ source, location, message, count }: DataWarning): string {
  const place = location === undefined ? source : `${source}, ${location}`;
  return `${place}: ${message}${count > 1 ? ` (${count.toLocaleString("en")} in all)` : ""}`;
}
