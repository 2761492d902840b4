import { InvalidDataError } from "@dmrec/core";
import { countedFields } from "./counted-fields";
import { type DelimitedRecord, delimitedRecords } from "./delimited-records";
import type { InvalidLineHandler, Table, TableRow } from "./table";

export interface DelimitedTextOptions {
  readonly delimiter: string;
  /**
   * The columns of a text without a header. If its first line has fewer fields, the last columns are absent.
   *
   * @default those of the header
   */
  readonly columns?: readonly string[] | undefined;
  /**
   * Fields may be quoted by RFC 4180.
   *
   * @default true
   */
  readonly quoted?: boolean | undefined;
  /**
   * The last column holds the rest of a line, such as a title with commas that is not quoted.
   *
   * @default false
   */
  readonly hasRest?: boolean | undefined;
  /** The given columns are a guess of what they hold. @default false */
  readonly isGuess?: boolean | undefined;
  /**
   * Returns the name of a column from the header, for headers that carry more, such as types.
   *
   * @default the header
   */
  readonly columnName?: ((header: string) => string) | undefined;
}

/**
 * Opens a delimited text as a table. A row needs a field for each column; further fields must be empty.
 *
 * @throws InvalidDataError if the file is empty or cannot be read.
 */
export async function openDelimitedText(file: string, options: DelimitedTextOptions): Promise<Table> {
  const { delimiter, columns: given, quoted = true, columnName = (name) => name, isGuess = false } = options;
  const read = () => delimitedRecords(file, { delimiter, quoted });
  const first = await firstRecord(read());
  if (first === undefined) {
    const expected = given ? `a line a row: ${given.join(", ")}` : "a header, then a line an event";
    throw new InvalidDataError({ source: file, actual: "is empty", expected });
  }
  if (first.fields.some(isBinary)) {
    const expected = given ? "a text" : "a text with a header, then a line an event";
    throw new InvalidDataError({ source: file, actual: "is no text, or a compressed one", expected });
  }
  const columns = given
    ? given.slice(0, first.fields.length)
    : first.fields.map((name) => columnName(name.trim()));
  return {
    source: file,
    columns,
    isGuess: isGuess && given !== undefined,
    rows: (onInvalidLine) =>
      rowsOf(file, options.hasRest ? withRest(read(), columns.length, delimiter) : read(), {
        columns,
        hasHeader: given === undefined,
        onInvalidLine,
      }),
  };
}

/** True for characters that no text has: a compressed file, a spreadsheet. */
function isBinary(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}

async function firstRecord(records: AsyncIterable<DelimitedRecord>): Promise<DelimitedRecord | undefined> {
  for await (const record of records) return record;
  return undefined;
}

async function* withRest(
  records: AsyncIterable<DelimitedRecord>,
  count: number,
  delimiter: string,
): AsyncGenerator<DelimitedRecord> {
  for await (const { fields, line } of records) {
    const isLonger = fields.length > count;
    yield {
      fields: isLonger ? [...fields.slice(0, count - 1), fields.slice(count - 1).join(delimiter)] : fields,
      line,
    };
  }
}

interface RowOptions {
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly onInvalidLine: InvalidLineHandler | undefined;
}

async function* rowsOf(
  source: string,
  records: AsyncIterable<DelimitedRecord>,
  { columns, hasHeader, onInvalidLine }: RowOptions,
): AsyncGenerator<TableRow> {
  let isHeader = hasHeader;
  for await (const { fields, line } of records) {
    if (isHeader) {
      isHeader = false;
    } else if (fields.length === columns.length || hasOnlyEmptyFieldsAfter(fields, columns.length)) {
      const values: Record<string, string> = {};
      // Of two columns with one name, the first counts.
      for (let index = columns.length - 1; index >= 0; index -= 1) values[columns[index]] = fields[index];
      yield { values, line };
    } else {
      const actual = countedFields(fields);
      const expected = `${columns.length}, ${hasHeader ? "as in the header" : columns.join(", ")}`;
      const error = new InvalidDataError({ source, location: `line ${line}`, actual, expected });
      if (!onInvalidLine) throw error;
      onInvalidLine(error);
    }
  }
}

function hasOnlyEmptyFieldsAfter(fields: readonly string[], count: number): boolean {
  return fields.length > count && fields.slice(count).every((field) => field.trim() === "");
}
