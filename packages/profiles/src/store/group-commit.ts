import type { RootDatabase } from "lmdb";

interface PendingWrite {
  readonly work: () => void;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits writes that come together in one transaction, because each commit waits for the disk.
 *
 * The transactions are synchronous: LMDB's asynchronous ones run on a thread that waits for this one, so a process that
 * ends in the middle would hang, and with it all others that use the database.
 */
export class GroupCommit {
  readonly #root: RootDatabase<unknown, string>;
  readonly #afterCommit: () => void;
  #pending: PendingWrite[] = [];

  constructor(root: RootDatabase<unknown, string>, afterCommit: () => void) {
    this.#root = root;
    this.#afterCommit = afterCommit;
  }

  /** Resolves when the writes of `work` are committed; rejects with its error, or if the commit fails. */
  write(work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#pending.length === 0) setImmediate(() => this.flush());
      this.#pending.push({ work, resolve, reject });
    });
  }

  /** Commits what is pending now. */
  flush(): void {
    const writes = this.#pending;
    if (writes.length === 0) return;
    this.#pending = [];
    const settle: (() => void)[] = [];
    try {
      this.#root.transactionSync(() => {
        for (const { work, resolve, reject } of writes) {
          try {
            work();
            settle.push(resolve);
          } catch (error) {
            settle.push(() => reject(error));
          }
        }
      });
      this.#afterCommit();
      for (const done of settle) done();
    } catch (error) {
      for (const { reject } of writes) reject(error);
    }
  }
}
