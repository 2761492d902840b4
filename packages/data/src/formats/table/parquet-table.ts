import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { causeMessage, InvalidDataError } from "@dmrec/core";
import { plainValues } from "./plain-value";
import type { Table, TableRow, TableValues } from "./table";

/**
 * Opens a Parquet file as a table, with its further shards if it is the first of some. Its rows are read a row group at a time. Whole
 * numbers become numbers, or texts beyond the numbers that JavaScript holds exactly; times become milliseconds.
 *
 * @throws InvalidDataError if the file is damaged or cannot be read.
 */
export async function openParquet(file: string): Promise<Table> {
  const shards: Shard[] = [];
  for (const shard of await shardsOf(file)) shards.push(await openShard(shard));
  async function* rows(): AsyncGenerator<TableRow> {
    let line = 0;
    for (const shard of shards)
      for await (const values of shard.rows()) {
        line += 1;
        yield { values, line };
      }
  }
  return { source: file, columns: shards[0].columns, rows };
}

/** The files of a table: itself, or all shards, such as `train-00000-of-00002.parquet` and `train-00001-of-00002.parquet`. */
async function shardsOf(file: string): Promise<readonly string[]> {
  const [, stem, count] = /^(.*)-00000-of-(\d{5})\.parquet$/i.exec(basename(file)) ?? [];
  if (stem === undefined) return [file];
  const folder = dirname(file);
  const present = new Set(await readdir(folder));
  return Array.from({ length: Number(count) }, (_, shard) => {
    const name = `${stem}-${String(shard).padStart(5, "0")}-of-${count}.parquet`;
    if (present.has(name)) return join(folder, name);
    const expected = `all ${Number(count)} shards beside each other`;
    throw new InvalidDataError({ source: file, actual: `no shard ${name}`, expected });
  });
}

interface Shard {
  readonly columns: readonly string[];
  rows(): AsyncIterable<TableValues>;
}

async function openShard(file: string): Promise<Shard> {
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
  async function* rows(): AsyncGenerator<TableValues> {
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      const read = () => parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd });
      for (const values of await readable(file, read)) yield plainValues(values);
      rowStart = rowEnd;
    }
  }
  return { columns, rows };
}

async function readable<Result>(source: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const actual = `cannot be read (${causeMessage(cause)})`;
    throw new InvalidDataError({ source, actual, expected: "a Parquet file", cause });
  }
}
