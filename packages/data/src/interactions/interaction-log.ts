/** Events as logs hold them, an entry each: identifiers are strings, and pairs may repeat. */
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
  /** `[events]`, the line of each event in the source, from 1. */
  readonly lines: Int32Array;
}

/** Returns the log with some of its events, in their order. Its identifiers stay as they are. */
export function selectEvents(log: InteractionLog, events: Int32Array): InteractionLog {
  const { ratings, timestamps } = log;
  return {
    ...log,
    users: events.map((event) => log.users[event]),
    items: events.map((event) => log.items[event]),
    lines: events.map((event) => log.lines[event]),
    ...(ratings ? { ratings: Float32Array.from(events, (event) => ratings[event]) } : {}),
    ...(timestamps ? { timestamps: Float64Array.from(events, (event) => timestamps[event]) } : {}),
  };
}

/** One event, as a reader meets it. */
export interface InteractionEvent {
  readonly userId: string;
  readonly itemId: string;
  readonly rating?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly line: number;
}

type Columns = "users" | "items" | "ratings" | "timestamps" | "lines";

/** Collects the events of a log. Identifiers are numbered in the order of their first appearance. */
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
    const filled = (column: Columns) => this.#columns[column].subarray(0, this.#size);
    return {
      source,
      userIds: [...this.#users.keys()],
      itemIds: [...this.#items.keys()],
      users: Int32Array.from(filled("users")),
      items: Int32Array.from(filled("items")),
      lines: Int32Array.from(filled("lines")),
      ...(this.#hasRatings ? { ratings: Float32Array.from(filled("ratings")) } : {}),
      ...(this.#hasTimestamps ? { timestamps: filled("timestamps").slice() } : {}),
    };
  }

  #grow(): void {
    const { users, items, ratings, timestamps, lines } = this.#columns;
    const larger = allocate(2 * users.length);
    larger.users.set(users);
    larger.items.set(items);
    larger.ratings.set(ratings);
    larger.timestamps.set(timestamps);
    larger.lines.set(lines);
    this.#columns = larger;
  }
}

function allocate(length: number): Record<Columns, Float64Array> {
  const column = () => new Float64Array(length);
  return { users: column(), items: column(), ratings: column(), timestamps: column(), lines: column() };
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const present = numbers.get(id);
  if (present !== undefined) return present;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
}
