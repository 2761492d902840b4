import type { Database } from "lmdb";
import { z } from "zod";
import type { Ledger } from "../calls/ledger";
import type { StoreDatabase } from "./store-database";

const spentKey = "spent";

/**
 * The account of a store, for all runs and processes. The reservation of a call that dies with its process stays, so the
 * ceiling always holds.
 */
export class StoreLedger implements Ledger {
  readonly #database: StoreDatabase;
  readonly #ledger: Database<unknown, string>;

  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#ledger = database.table("ledger");
  }

  spent(): number {
    const spent = this.#database.read(() => this.#ledger.get(spentKey));
    return spent === undefined ? 0 : this.#database.parse(z.number(), spent, "the amount spent");
  }

  async reserve(amount: number, ceiling = Number.POSITIVE_INFINITY): Promise<boolean> {
    let fits = false;
    await this.#database.write(() => {
      const total = this.spent() + amount;
      fits = total <= ceiling;
      if (fits) this.#ledger.put(spentKey, total);
    });
    return fits;
  }

  async settle(reserved: number, actual: number): Promise<void> {
    await this.#database.write(() => {
      this.#ledger.put(spentKey, Math.max(0, this.spent() + actual - reserved));
    });
  }
}
