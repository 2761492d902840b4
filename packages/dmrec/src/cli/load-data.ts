import { InvalidOptionsError } from "@dmrec/core";
import { type LoadDatasetOptions, type LoadedFolder, loadFolder, loadSql } from "@dmrec/data";
import type { ColumnFlags } from "./column-flags";

/** Loads the data that `--data` names: a folder, or a DuckDB database with its tables or queries. */
export function loadData(
  owner: string,
  name: string,
  { interactions, itemsFrom, usersFrom }: ColumnFlags,
  options: LoadDatasetOptions,
): Promise<LoadedFolder> {
  if (!/\.(duckdb|ddb)$/i.test(name)) {
    const path =
      itemsFrom === undefined ? (usersFrom === undefined ? undefined : "--users-from") : "--items-from";
    if (path === undefined) {
      assertNoSqlite(owner, name);
      return loadFolder(name, options);
    }
    const message =
      "belongs to a database (--data shop.duckdb); the tables of a folder are found by their columns";
    throw new InvalidOptionsError(owner, [{ path, message }]);
  }
  if (interactions === undefined) {
    const message = `is needed for a database: a table of ${name} or a query, such as "SELECT user_id, item_id FROM orders"`;
    throw new InvalidOptionsError(owner, [{ path: "--interactions", message }]);
  }
  const sources = {
    database: name,
    interactions: query(interactions),
    items: query(itemsFrom),
    users: query(usersFrom),
  };
  return loadSql(sources, { ...options, interactions: undefined });
}

/** @throws InvalidOptionsError if the name is that of an SQLite database. */
function assertNoSqlite(owner: string, name: string): void {
  if (!/\.(sqlite3?|db3?)$/i.test(name)) return;
  const message = `${name} is an SQLite database; expected a folder or a .duckdb file: export its tables, such as by sqlite3 -header -csv ${name} "SELECT user_id, item_id FROM orders" > my-data/interactions.csv`;
  throw new InvalidOptionsError(owner, [{ path: "--data", message }]);
}

function query(text: string): string;
function query(text: string | undefined): string | undefined;
/** A query, from a query or the name of a table. */
function query(text: string | undefined): string | undefined {
  if (text === undefined || /\s/.test(text.trim())) return text;
  return `FROM ${text.trim()}`;
}
