import { basename } from "node:path";
import { InvalidDataError, parseOptions } from "@dmrec/core";
import { z } from "zod";
import { importDuckdb } from "../formats/sql/import-duckdb";
import { attempt, openQuery } from "../formats/sql/query-table";
import type { Table } from "../formats/table/table";
import { describeFromTable } from "./attach/read-descriptions";
import { noFiles } from "./discover/discover-files";
import type { LoadedFolder } from "./load-folder";
import { type LoadDatasetOptions, resolveSettings } from "./load-options";
import { readTableLog } from "./read/read-interactions";
import { FolderReport } from "./report/folder-report";
import { splitWhole } from "./split/own-split";
import { reportUntrained } from "./split/report-untrained";

/** The queries that a dataset is read from, in DuckDB's SQL. */
export interface SqlSources {
  /** The events: columns for a user and an item, with or without a rating and a time. */
  readonly interactions: string;
  /** The items: a column of identifiers, and titles or texts. */
  readonly items?: string | undefined;
  /** The users: a column of identifiers, and texts. */
  readonly users?: string | undefined;
  /**
   * The file of a DuckDB database, which is only read.
   *
   * @default a database in memory: queries can read files (`FROM 'events.parquet'`)
   */
  readonly database?: string | undefined;
  /** Statements to run before the queries, such as `ATTACH 'shop.sqlite' (TYPE sqlite)`. */
  readonly setup?: readonly string[] | undefined;
}

const sourcesSchema = z.strictObject({
  interactions: z.string().min(1),
  items: z.string().min(1).optional(),
  users: z.string().min(1).optional(),
  database: z.string().min(1).optional(),
  setup: z.array(z.string()).readonly().default([]),
});

/**
 * Loads interactions and descriptions from queries. SQLite and Postgres are attached by statements of `setup`.
 *
 * @throws InvalidDataError if a query fails, or naming the row.
 * @throws InvalidOptionsError
 * @throws UnsupportedError if `@duckdb/node-api` is not installed.
 * @example
 * const { data } = await loadSql({
 *   database: "shop.duckdb",
 *   interactions: "SELECT user_id, item_id, ordered_at AS timestamp FROM orders",
 *   items: "SELECT id, title, description FROM products",
 * });
 */
export async function loadSql(sources: SqlSources, options: LoadDatasetOptions = {}): Promise<LoadedFolder> {
  const { interactions, items, users, database, setup } = parseOptions("loadSql", sourcesSchema, sources);
  const report = new FolderReport();
  const settings = resolveSettings(options, report);
  const { DuckDBInstance } = await importDuckdb();
  const source = database ?? "SQL";
  const access = database === undefined ? {} : { access_mode: "READ_ONLY" };
  const instance = await attempt(
    source,
    () => DuckDBInstance.create(database ?? ":memory:", access),
    "a DuckDB database",
  );
  const connection = await instance.connect();
  try {
    for (const statement of setup) await attempt("setup", () => connection.run(statement));
    const open = (query: string, sql: string | undefined): Promise<Table | undefined> =>
      sql === undefined
        ? Promise.resolve(undefined)
        : openQuery(connection, { name: `query of ${query}`, sql });
    const log = await readTableLog(
      await openQuery(connection, { name: "query of interactions", sql: interactions }),
      settings,
    );
    const parts = await splitWhole({ files: noFiles, embeddings: undefined, settings, report }, log);
    const { train, validation, test, userIds, itemIds } = parts;
    if (train.items.length === 0)
      throw new InvalidDataError({
        source: log.source,
        actual: "no training interactions",
        expected: "at least one",
      });
    const tables = { items: await open("items", items), users: await open("users", users) };
    const descriptions = await describeFromTable({ settings, report }, tables, parts);
    reportUntrained(parts, settings.onWarning);
    const counts = { userCount: userIds.length, itemCount: itemIds.length };
    const data = {
      name: basename(source),
      ...counts,
      train,
      validation,
      test,
      userIds,
      itemIds,
      ...descriptions,
    };
    return { data, files: report.records([]) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
