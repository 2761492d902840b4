import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnsupportedError } from "@dmrec/core";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeDataset } from "../dataset/describe-dataset";
import { importDuckdb } from "../formats/sql/import-duckdb";
import { loadSql } from "./load-sql";

let folder: string;
let database: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-sql-"));
  database = join(folder, "shop.duckdb");
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE orders AS SELECT i % 7 AS customer, 100 + i % 11 AS product, 1 + i % 5 AS stars,
      TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS bought FROM range(5000) t(i) WHERE i % 3 = 0;
    CREATE TABLE products AS SELECT (100 + i)::BIGINT AS code, 'Product ' || i AS title, ['new', 'red'] AS tags FROM range(20) t(i);
    CREATE TABLE customers AS SELECT i AS id, 'Likes ' || i AS bio, 30 + i AS age FROM range(7) t(i)`);
  connection.closeSync();
  instance.closeSync();
});
afterEach(() => rm(folder, { recursive: true }));

const interactions =
  "SELECT DISTINCT ON (user_id, item_id) customer AS user_id, product AS item_id, stars AS rating, bought AS timestamp FROM orders ORDER BY bought";
const onWarning = () => {};

describe("loadSql", () => {
  it("reads events, items and users by queries", async () => {
    const sources = { database, interactions, items: "FROM products", users: "FROM customers" };
    const { data, files } = await loadSql(sources, { split: { by: "time" }, onWarning });
    const { users, items, train, validation, test } = describeDataset(data);
    expect([users, items, train + validation + test]).toEqual([7, 11, 77]);
    expect(data.itemNames?.[data.itemIds.indexOf("103")]).toBe("Product 3");
    expect(data.itemAttributes?.[0].tags).toEqual(["new", "red"]);
    expect(data.userTexts?.[data.userIds.indexOf("4")]).toBe("Likes 4");
    expect(files).toMatchObject([
      { holds: "interactions", read: "77 events of 7 users and 11 items, with ratings and times" },
      { holds: "items", leftOut: "9 rows about items without interactions" },
      { holds: "users", leftOut: "columns age" },
    ]);
  });

  it("runs statements first, and needs no database for files", async () => {
    const setup = ["CREATE TABLE events AS SELECT i % 5 AS user, i % 7 AS item FROM range(35) t(i)"];
    const { data } = await loadSql({ setup, interactions: "FROM events" }, { onWarning });
    expect(describeDataset(data)).toMatchObject({ users: 5, items: 7 });
  });

  it.each([
    ["a query that fails", { interactions: "FROM nothing" }, /query of interactions: fails \(.*nothing/s],
    [
      "columns that are not there",
      { interactions: "FROM products" },
      /no column for the user among "code", "title"/,
    ],
    [
      "items without identifiers",
      { interactions, items: "SELECT 'x' AS title" },
      /query of items: not read: no column has identifiers/,
    ],
    ["no rows", { interactions: `${interactions} LIMIT 0` }, /query of interactions: has no line/],
    [
      "a change of the database",
      { setup: ["DROP TABLE orders"], interactions },
      /setup: fails \(.*read-only/s,
    ],
  ])("refuses %s", (_, sources, message) =>
    expect(loadSql({ database, ...sources }, { onWarning })).rejects.toThrow(message),
  );

  it("names the package that is missing", async () => {
    const error: unknown = await importDuckdb(() => Promise.reject(new Error("Cannot find package"))).catch(
      (cause: unknown) => cause,
    );
    expect(UnsupportedError.isInstance(error) && error.message).toMatch(/@duckdb\/node-api; install it/);
  });
});
