/** The account of what calls cost, in the currency of the prices. */
export interface Ledger {
  /** The amount that is spent or reserved. */
  spent(): number;
  /**
   * Counts the most that a call may cost before it is made. Returns false, and counts nothing, if that would pass the
   * ceiling.
   */
  reserve(amount: number, ceiling?: number): Promise<boolean>;
  /** Corrects a reservation to the actual cost of the call. */
  settle(reserved: number, actual: number): Promise<void>;
}

/** A ledger for one run, which ends with the process. */
export class MemoryLedger implements Ledger {
  #spent = 0;

  spent(): number {
    return this.#spent;
  }

  reserve(amount: number, ceiling = Number.POSITIVE_INFINITY): Promise<boolean> {
    const fits = this.#spent + amount <= ceiling;
    if (fits) this.#spent += amount;
    return Promise.resolve(fits);
  }

  settle(reserved: number, actual: number): Promise<void> {
    this.#spent = Math.max(0, this.#spent + actual - reserved);
    return Promise.resolve();
  }
}
