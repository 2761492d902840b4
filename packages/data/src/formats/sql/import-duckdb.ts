import { UnsupportedError } from "@dmrec/core";

type DuckDB = typeof import("@duckdb/node-api");

/**
 * Loads DuckDB, an optional dependency that only queries need.
 *
 * @throws UnsupportedError if it is not installed.
 */
export async function importDuckdb(
  load: () => Promise<DuckDB> = () => import("@duckdb/node-api"),
): Promise<DuckDB> {
  try {
    return await load();
  } catch (cause) {
    const message = "data from SQL needs the package @duckdb/node-api; install it";
    throw new UnsupportedError(message, { cause });
  }
}
