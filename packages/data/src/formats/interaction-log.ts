/** Interactions as logs give them: an entry an event, identifiers as strings, duplicates possible. */
export interface InteractionLog {
  readonly source: string;
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  /** `[events]`, an index into `userIds`. */
  readonly users: Int32Array;
  /** `[events]`, an index into `itemIds`. */
  readonly items: Int32Array;
  readonly ratings?: Float32Array;
  readonly timestamps?: Float64Array;
  /** `[events]`, where each stands in the source, from 1. */
  readonly lines: Int32Array;
}

export interface InteractionEvent {
  readonly userId: string;
  readonly itemId: string;
  readonly rating?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly line: number;
}

type Columns = "users" | "items" | "ratings" | "timestamps" | "lines";

/** Collects the events of a log as a reader meets them; identifiers are numbered in the order of their first sight. */
export class InteractionLogBuilder {
  readonly #users = new Map<string, number>();
  readonly #items = new Map<string, number>();
  #columns: Record<Columns, Float64Array> = allocate(1024);
  #size = 0;
  #hasRatings = false;
  #hasTimestamps = false;

  get size(): number {
    return this.#size;
  }

  add({ userId, itemId, rating, timestamp, line }: InteractionEvent): void {
    if (this.#size === this.#columns.users.length) this.#grow();
    const { users, items, ratings, timestamps, lines } = this.#columns;
    users[this.#size] = numberOf(this.#users, userId);
    items[this.#size] = numberOf(this.#items, itemId);
    lines[this.#size] = line;
    if (rating !== undefined) {
      ratings[this.#size] = rating;
      this.#hasRatings = true;
    }
    if (timestamp !== undefined) {
      timestamps[this.#size] = timestamp;
      this.#hasTimestamps = true;
    }
    this.#size += 1;
  }

  build(source: string): InteractionLog {
    const taken = (column: Columns) => this.#columns[column].subarray(0, this.#size);
    return {
      source,
      userIds: [...this.#users.keys()],
      itemIds: [...this.#items.keys()],
      users: Int32Array.from(taken("users")),
      items: Int32Array.from(taken("items")),
      lines: Int32Array.from(taken("lines")),
      ...(this.#hasRatings ? { ratings: Float32Array.from(taken("ratings")) } : {}),
      ...(this.#hasTimestamps ? { timestamps: taken("timestamps").slice() } : {}),
    };
  }

  #grow(): void {
    const larger = allocate(2 * this.#columns.users.length);
    for (const [name, column] of Object.entries(this.#columns)) larger[name as Columns].set(column);
    this.#columns = larger;
  }
}

function allocate(length: number): Record<Columns, Float64Array> {
  const column = () => new Float64Array(length);
  return { users: column(), items: column(), ratings: column(), timestamps: column(), lines: column() };
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
}
