import type { Database } from "lmdb";
import { claimSchema, createClaim, isOwn, isValid } from "./claim";
import type { StoreDatabase } from "./store-database";

/** Claims of processes on results that they are making, so that no two of them pay for one. */
export class ClaimTable {
  readonly #database: StoreDatabase;
  readonly #claims: Database<unknown, string>;
  readonly #isMade: (key: string) => boolean;

  /** @param isMade True if the result of a key is stored. */
  constructor(database: StoreDatabase, isMade: (key: string) => boolean) {
    this.#database = database;
    this.#claims = database.table("claims");
    this.#isMade = isMade;
  }

  /**
   * Claims a result for this process. Returns false if a live process has claimed it, or if it is stored. The claim ends
   * when the result is saved, with {@link ClaimTable.release}, or without {@link ClaimTable.renew}.
   */
  async claim(key: string): Promise<boolean> {
    // A read is cheap; waiting processes do it often.
    if (!this.#database.read(() => this.#isFree(key))) return false;
    let claimed = false;
    await this.#database.write(() => {
      claimed = this.#isFree(key);
      if (claimed) this.#claims.put(key, createClaim());
    });
    return claimed;
  }

  /** Extends a claim of this process. */
  async renew(key: string): Promise<void> {
    await this.#database.write(() => {
      if (this.#isOwn(key)) this.#claims.put(key, createClaim());
    });
  }

  /** Ends a claim of this process without a result. */
  async release(key: string): Promise<void> {
    await this.#database.write(() => {
      if (this.#isOwn(key)) this.#claims.remove(key);
    });
  }

  /** Ends any claim on a result. Within a write of the database. */
  remove(key: string): void {
    this.#claims.remove(key);
  }

  #isFree(key: string): boolean {
    // A claim that cannot be read, as of an earlier version, is not valid.
    const claim = claimSchema.safeParse(this.#claims.get(key));
    if (claim.success && isValid(claim.data)) return false;
    return !this.#isMade(key);
  }

  /** False if another process has taken over a claim of this one. */
  #isOwn(key: string): boolean {
    const claim = this.#claims.get(key);
    return claim !== undefined && isOwn(this.#database.parse(claimSchema, claim, `claim ${key}`));
  }
}
