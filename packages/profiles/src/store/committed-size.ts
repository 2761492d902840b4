import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import { z } from "zod";

export const databaseFile = "data.mdb";
const sizeFile = "committed-size.json";

const committedSchema = z.object({
  /** The bytes of the database file after the transaction. */
  size: z.int().nonnegative(),
  /** The number of the transaction. */
  transaction: z.int().nonnegative(),
});
type Committed = z.output<typeof committedSchema>;

const statsSchema = z.object({ pageSize: z.int(), lastPageNumber: z.int(), lastTxnId: z.int() });

/**
 * A record beside a database file: the size that the file must have at least.
 *
 * LMDB maps its file into memory: reading a truncated one ends the process with a signal. A database file never shrinks,
 * and its size is recorded after it is committed. The record may therefore lag behind, but it never refuses a whole file,
 * neither after a kill nor while other processes write.
 */
export class CommittedSize {
  readonly #database: string;
  readonly #record: string;
  /** The size at the last call of {@link CommittedSize.update}. */
  #lastSize = 0;

  constructor(folder: string) {
    this.#database = join(folder, databaseFile);
    this.#record = join(folder, sizeFile);
  }

  /** The reason for which the database must not be opened; `undefined` if there is none. */
  problem(): string | undefined {
    // In this order, because another process may write: the size of the file only grows.
    const committed = this.#read();
    const size = this.#sizeOfDatabase();
    // The record belongs to a database that was deleted.
    if (size === undefined) rmSync(this.#record, { force: true });
    if (size === undefined || !committed || size >= committed.size) return undefined;
    return `was cut: it has ${size} bytes, and had ${committed.size} after transaction ${committed.transaction} (by ${sizeFile}; delete that file if ${databaseFile} is a whole copy)`;
  }

  /** Records the size of the database, if it has grown. */
  update(root: RootDatabase<unknown, string>): void {
    const size = this.#sizeOfDatabase();
    if (size === undefined || size === this.#lastSize) return;
    const { pageSize, lastPageNumber, lastTxnId } = statsSchema.parse(root.getStats());
    this.#lastSize = size;
    // Pages beyond the last one belong to another process' transaction, which is not committed.
    this.#write({ size: Math.min(size, (lastPageNumber + 1) * pageSize), transaction: lastTxnId });
  }

  #sizeOfDatabase(): number | undefined {
    return statSync(this.#database, { throwIfNoEntry: false })?.size;
  }

  /** `undefined` if there is no record, or one that cannot be read, which must not keep a whole database from use. */
  #read(): Committed | undefined {
    try {
      return committedSchema.safeParse(JSON.parse(readFileSync(this.#record, "utf8"))).data;
    } catch {
      return undefined;
    }
  }

  #write(committed: Committed): void {
    const earlier = this.#read();
    if (earlier && earlier.transaction >= committed.transaction) return;
    const temporary = `${this.#record}.${process.pid}`;
    try {
      writeFileSync(temporary, JSON.stringify(committed));
      renameSync(temporary, this.#record);
    } catch {
      // The disk is full, for example. The earlier record stays true.
      rmSync(temporary, { force: true });
    }
  }
}
