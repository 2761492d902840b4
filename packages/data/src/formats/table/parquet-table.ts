import { causeMessage, InvalidDataError } from "@dmrec/core";
import { plainValues } from "./plain-value";
import type { Table, TableRow } from "./table";

/**
 * Opens a Parquet file as a table. Its rows are read a row group at a time. Whole numbers become numbers, or texts beyond
 * the numbers that JavaScript holds exactly; times become milliseconds.
 *
 * @throws InvalidDataError if the file is damaged or cannot be read.
 */
export async function openParquet(file: string): Promise<Table> {
  // Loaded for Parquet only.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import(
    "hyparquet"
  );
  const { compressors } = await import("hyparquet-compressors");
  const opened = await readable(file, async () => {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    return { buffer, metadata, columns: parquetSchema(metadata).children.map(({ element }) => element.name) };
  });
  const { buffer, metadata, columns } = opened;
  async function* rows(): AsyncGenerator<TableRow> {
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      const read = () => parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd });
      for (const [index, values] of (await readable(file, read)).entries())
        yield { values: plainValues(values), line: rowStart + index + 1 };
      rowStart = rowEnd;
    }
  }
  return { source: file, columns, rows };
}

async function readable<Result>(source: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const actual = `cannot be read (${causeMessage(cause)})`;
    throw new InvalidDataError({ source, actual, expected: "a Parquet file", cause });
  }
}
