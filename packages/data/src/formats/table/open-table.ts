import { InvalidDataError } from "@dmrec/core";
import { firstLinesOf } from "../../files/first-lines";
import { formatExtension } from "../../files/format-extension";
import { delimitedFields } from "./delimited-fields";
import { openDelimitedText } from "./delimited-text";
import { openEventText } from "./event-text";
import { openJson, openJsonLines } from "./json-table";
import { eventColumns, movieLensLayout, openMovieLens } from "./movielens-layouts";
import { openNumbered } from "./numbered-table";
import { openParquet } from "./parquet-table";
import { openRecbole } from "./recbole-table";
import type { Table } from "./table";

/**
 * Opens a file as a table. Its name shows its format; for text, so does its first line. Undefined for a file that is no
 * table, such as an adjacency list.
 *
 * @param names Names of columns that it shall have. If they are numbers, the file has no header.
 * @throws InvalidDataError if the file is empty or cannot be read.
 */
export async function openTable(file: string, names: readonly string[] = []): Promise<Table | undefined> {
  const extension = formatExtension(file);
  if (extension === ".jsonl") return openJsonLines(file);
  if (extension === ".parquet") return openParquet(file);
  if (extension === ".json") return openJson(file);
  const [firstLine = ""] = await firstLinesOf(file, 1);
  const numbered = await openNumbered(file, names);
  if (numbered) return numbered;
  const layout = movieLensLayout(file, firstLine);
  if (layout) return openMovieLens(file, layout);
  switch (extension) {
    case ".inter":
    case ".item":
    case ".user":
      return openRecbole(file);
    case ".csv":
    case ".tsv": {
      const delimiter = extension === ".tsv" ? "\t" : commaOrOther(firstLine);
      const columns = eventColumnsWithoutHeader(firstLine, delimiter);
      return openDelimitedText(file, { delimiter, columns, isGuess: true });
    }
    case ".txt":
    case ".dat": {
      const delimiter = headerDelimiter(firstLine);
      return delimiter === undefined ? openEventText(file) : openDelimitedText(file, { delimiter });
    }
    case ".rating":
      return openEventText(file, true);
    default:
      return undefined;
  }
}

/** Opens a file as a table if it is one. Undefined for any other file, also for a damaged one. */
export async function openIfTable(file: string, names: readonly string[] = []): Promise<Table | undefined> {
  try {
    return await openTable(file, names);
  } catch (error) {
    if (InvalidDataError.isInstance(error)) return undefined;
    throw error;
  }
}

/** The delimiter of a table that calls itself comma-separated: a comma, unless its header has none. */
function commaOrOther(header: string): string {
  return [",", ";", "\t", "|"].find((delimiter) => header.includes(delimiter)) ?? ",";
}

/**
 * The delimiter of a text file that is a table. Its first line is words between tabs, commas or spaces, none of them a
 * number. Undefined for any other file, which is a list of indices.
 */
function headerDelimiter(firstLine: string): string | undefined {
  const isHeader = (words: readonly string[]) =>
    words.length > 1 && words.every((word) => !/^\s*-?\d+(\.\d+)?(\s+-?\d+(\.\d+)?)*\s*$/.test(word));
  return ["\t", ",", " "].find((delimiter) => isHeader(firstLine.trim().split(delimiter)));
}

/** The columns of a table whose first line is an event: a user, an item, a rating and perhaps a time. */
function eventColumnsWithoutHeader(firstLine: string, delimiter: string): readonly string[] | undefined {
  const fields = delimitedFields(firstLine, delimiter) ?? [];
  const [user, item, ...numbers] = fields;
  const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));
  const isEvent =
    fields.length <= eventColumns.length &&
    (numbers.length > 0 ? numbers.every(isNumber) : fields.length === 2 && [user, item].every(isNumber));
  return isEvent ? eventColumns : undefined;
}
