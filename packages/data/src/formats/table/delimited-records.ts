import { InvalidDataError } from "@dmrec/core";
import { textLines } from "../../files/text-lines";
import { delimitedFields } from "./delimited-fields";

export interface DelimitedRecord {
  readonly fields: readonly string[];
  /** The line where the record begins, from 1. */
  readonly line: number;
}

/** The most characters of a record: beyond them a quote that is left open has swallowed other records. */
const longestRecord = 1_000_000;

/**
 * Streams the records of a delimited text. Quotes follow RFC 4180, so a quoted field may contain line breaks. Some files
 * escape a quote as `\"` instead. A record is parsed that way only if this gives it as many fields as the first record.
 * In a tab-separated text, an unclosed quote is an ordinary character.
 *
 * @throws InvalidDataError naming the line of a quote that is left open.
 */
export async function* delimitedRecords(
  file: string,
  { delimiter, quoted }: { readonly delimiter: string; readonly quoted: boolean },
): AsyncGenerator<DelimitedRecord> {
  let width: number | undefined;
  let open: { readonly text: string; readonly line: number } | undefined;
  for await (const { text, number } of textLines(file)) {
    if (open === undefined && text.trim() === "") continue;
    const { line, text: record }: NonNullable<typeof open> = open
      ? { line: open.line, text: `${open.text}\n${text}` }
      : { line: number, text };
    const isStillOpen = open !== undefined && !text.includes('"');
    const fields = isStillOpen ? undefined : fieldsOf(record, { delimiter, quoted, width });
    width ??= fields?.length;
    if (fields) yield { fields, line };
    open = fields ? undefined : { line, text: record };
    if (open && record.length > longestRecord) break;
  }
  if (open === undefined) return;
  const [location, actual] = [`line ${open.line}`, "a quote is left open"];
  throw new InvalidDataError({ source: file, location, actual, expected: 'a closing "' });
}

interface RecordOptions {
  readonly delimiter: string;
  readonly quoted: boolean;
  /** The number of fields of the first record. */
  readonly width: number | undefined;
}

function fieldsOf(
  record: string,
  { delimiter, quoted, width }: RecordOptions,
): readonly string[] | undefined {
  if (!quoted) return record.split(delimiter);
  const fields = delimitedFields(record, delimiter);
  if (fields?.length !== width && record.includes('\\"')) {
    const escaped = delimitedFields(record.replaceAll('\\"', '""'), delimiter);
    if (escaped?.length === width) return escaped;
  }
  return fields ?? (delimiter === "\t" ? record.split(delimiter) : undefined);
}
