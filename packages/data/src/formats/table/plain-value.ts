import type { TableValues } from "./table";

/**
 * Values as the text formats have them: whole numbers as numbers, or as texts beyond the numbers that JavaScript holds exactly;
 * times as milliseconds.
 */
export function plainValues(values: TableValues): TableValues {
  return Object.fromEntries(Object.entries(values).map(([column, value]) => [column, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  return value instanceof Date ? value.getTime() : value;
}
