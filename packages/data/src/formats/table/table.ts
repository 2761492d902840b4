import type { InvalidDataError } from "@dmrec/core";

/** A table of a file: its columns, and a stream of its rows. */
export interface Table {
  readonly source: string;
  readonly columns: readonly string[];
  /** Columns of words between spaces, as RecBole's `token_seq`. */
  readonly wordColumns?: ReadonlySet<string>;
  /** Columns that some rows lack, as JSON may. */
  readonly optionalColumns?: ReadonlySet<string> | undefined;
  /** Its columns have been guessed from the places of their values, since it has no header. */
  readonly isGuess?: boolean | undefined;
  /**
   * Streams the rows.
   *
   * @throws InvalidDataError naming the line, unless a handler of invalid lines is given.
   */
  rows(onInvalidLine?: InvalidLineHandler): AsyncIterable<TableRow>;
}

export interface TableRow {
  readonly values: TableValues;
  /** The line where the row begins, from 1; the number of the row in a format without lines. */
  readonly line: number;
}

/** Values by column. */
export type TableValues = Readonly<Record<string, unknown>>;

/** Receives the error of a line, which is then left out. */
export type InvalidLineHandler = (error: InvalidDataError) => void;

/** True for an object with fields. */
export function isRecord(value: unknown): value is TableValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
