import { InvalidDataError } from "@dmrec/core";
import { type InteractionLog, InteractionLogBuilder } from "../interaction-log";
import { type ColumnNames, findColumns } from "./column-names";
import { identifierOf, ratingOf, timestampOf } from "./event-fields";
import { textLines } from "./text-lines";

/**
 * Reads JSON lines, an object an event, streamed. The fields of the first object decide which ones are read.
 *
 * @throws InvalidDataError naming the line.
 */
export async function readJsonLines(
  file: string,
  { columns = {} }: { readonly columns?: ColumnNames } = {},
): Promise<InteractionLog> {
  const builder = new InteractionLogBuilder();
  let found: ReturnType<typeof findColumns> | undefined;
  for await (const { text, number } of textLines(file)) {
    if (text.trim() === "") continue;
    const event = parseObject(text, file, number);
    found ??= findColumns(Object.keys(event), columns, file);
    const place = (column: string) => ({ source: file, line: number, column });
    builder.add({
      userId: identifierOf(event[found.user], place(found.user)),
      itemId: identifierOf(event[found.item], place(found.item)),
      rating: found.rating === undefined ? undefined : ratingOf(event[found.rating], place(found.rating)),
      timestamp:
        found.timestamp === undefined
          ? undefined
          : timestampOf(event[found.timestamp], place(found.timestamp)),
      line: number,
    });
  }
  if (builder.size === 0)
    throw new InvalidDataError({ source: file, actual: "is empty", expected: "a JSON object a line" });
  return builder.build(file);
}

function parseObject(text: string, source: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidDataError({
      source,
      location: `line ${line}`,
      actual: "no valid JSON",
      expected: "a JSON object",
      cause,
    });
  }
  if (isRecord(value)) return value;
  throw new InvalidDataError({
    source,
    location: `line ${line}`,
    actual: `JSON that is no object`,
    expected: "a JSON object",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
