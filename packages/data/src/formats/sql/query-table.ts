import { causeMessage, InvalidDataError } from "@dmrec/core";
import type { DuckDBConnection } from "@duckdb/node-api";
import { plainValues } from "../table/plain-value";
import type { Table, TableRow } from "../table/table";

/** A query with a name for messages. */
export interface NamedQuery {
  readonly name: string;
  readonly sql: string;
}

/**
 * Opens the result of a query as a table. Each reading of its rows runs the query.
 *
 * @throws InvalidDataError if the query fails.
 */
export async function openQuery(connection: DuckDBConnection, query: NamedQuery): Promise<Table> {
  const run = () => attempt(query.name, () => connection.stream(query.sql));
  const columns = (await run()).columnNames();
  async function* rows(): AsyncGenerator<TableRow> {
    const batches = (await run()).yieldRowObjectJs();
    let line = 0;
    for (;;) {
      const batch = await attempt(query.name, () => batches.next());
      if (batch.done) return;
      for (const values of batch.value) {
        line += 1;
        yield { values: plainValues(values), line };
      }
    }
  }
  return { source: query.name, columns, rows };
}

/**
 * Runs something of the database.
 *
 * @throws InvalidDataError if it fails.
 */
export async function attempt<Result>(
  source: string,
  run: () => Promise<Result>,
  expected = "a query that DuckDB runs",
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const actual = `fails (${causeMessage(cause)})`;
    throw new InvalidDataError({ source, actual, expected, cause });
  }
}
