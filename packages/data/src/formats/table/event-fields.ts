import { InvalidDataError } from "@dmrec/core";

/** The place of a value, for messages. */
export interface FieldPlace {
  readonly source: string;
  readonly line: number;
  readonly column: string;
}

/** An identifier: text that is not empty, or a number. */
export function identifierOf(value: unknown, place: FieldPlace): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && text.trim() !== "") return text.trim();
  throw badField(value, place, "an identifier");
}

/** A finite number, from text or as it is. */
export function ratingOf(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw badField(value, place, "a finite number");
}

/** A time: a finite number as it is, or the milliseconds of a date. */
export function timestampOf(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw badField(value, place, "a number or an ISO date");
}

function badField(value: unknown, { source, line, column }: FieldPlace, expected: string): InvalidDataError {
  const actual = value === undefined ? `no "${column}"` : `${JSON.stringify(value)} in "${column}"`;
  return new InvalidDataError({ source, location: `line ${line}`, actual, expected });
}
