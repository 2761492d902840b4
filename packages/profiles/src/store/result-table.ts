import type { Database } from "lmdb";
import { type ProfileRecord, profileRecordSchema } from "../profile-record";
import type { StoreDatabase } from "./store-database";

/** Results by the key of their request. */
export class ResultTable {
  readonly #database: StoreDatabase;
  readonly #results: Database<unknown, string>;

  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#results = database.table("results");
  }

  /**
   * The result of a key.
   *
   * @throws StoreError
   */
  get(key: string): ProfileRecord | undefined {
    const value = this.#database.read(() => this.#results.get(key));
    return value === undefined
      ? undefined
      : this.#database.parse(profileRecordSchema, value, `result ${key}`);
  }

  /** @throws StoreError */
  has(key: string): boolean {
    return this.#database.read(() => this.#results.doesExist(key));
  }

  /** Keeps a result, unless its key has one. Within a write of the database. */
  put(key: string, record: ProfileRecord): void {
    if (!this.has(key)) this.#results.put(key, record);
  }
}
