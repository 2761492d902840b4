import { InvalidDataError } from "@dmrec/core";
import { parseJson } from "../../files/parse-json";
import { textLines } from "../../files/text-lines";
import { type InteractionLog, InteractionLogBuilder } from "../../interactions/interaction-log";
import { type ColumnNames, findColumns } from "./column-names";
import { identifierOf, ratingOf, timestampOf } from "./event-fields";

/**
 * Streams a file of JSON lines, an object for each event. The fields of the first object decide which fields are read.
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
    const event = parseObject(text, file, `line ${number}`);
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

function parseObject(text: string, source: string, location: string): Record<string, unknown> {
  const value = parseJson(source, text, location);
  if (isRecord(value)) return value;
  throw new InvalidDataError({
    source,
    location,
    actual: "JSON that is not an object",
    expected: "a JSON object",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
