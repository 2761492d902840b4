import type { ExampleRows, Recommender, TouchedItemRows } from "@dmrec/core";
import type { NamedArrays } from "../artifacts/safetensors";
import { type AdamSettings, adamScalars, momentName, resolveSettings } from "../optimizer/adam";
import { ItemTable } from "../optimizer/item-table";
import { tableNames } from "../optimizer/table-names";
import { trainedArrays } from "../trained-arrays";

/**
 * The tables of items of a model, by full name: what a session keeps on the host, because a step reads and changes only the
 * rows of its items. No tables, and nothing to do, for a model that marks none, or without `adam.rowWise`.
 */
export class ItemTables {
  readonly #adam: AdamSettings;
  readonly #tables: ReadonlyMap<string, ItemTable>;
  /** `[items]`: the row of each item of the step in progress; −1 for the others. */
  readonly #rowOf: Int32Array;
  /** The arrays of rows and of gradients, which every step uses again: new ones of this size would take it longer than Adam. */
  readonly #rooms = new Map<string, Float32Array>();

  constructor(recommender: Recommender, adam: AdamSettings) {
    this.#adam = adam;
    const names = new Set(tableNames(recommender, adam));
    const trained = [...trainedArrays(recommender)].filter(([name]) => names.has(name));
    this.#tables = new Map(
      trained.map(([name, array]) => [name, new ItemTable(array, resolveSettings(array, adam))] as const),
    );
    this.#rowOf = new Int32Array(names.size > 0 ? recommender.itemCount : 0).fill(-1);
  }

  get names(): readonly string[] {
    return [...this.#tables.keys()];
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  /** True for the name of a moment of a table. */
  hasMoment(name: string): boolean {
    return this.has(name.slice(name.indexOf(".") + 1));
  }

  /** The examples of a step with the items that it touches, if there are tables. */
  touch<Rows extends ExampleRows>(rows: Rows): Rows {
    if (this.#tables.size === 0 || "positives" in rows) return rows;
    const { items, sample } = rows;
    const found: number[] = [];
    for (const list of [items, sample?.items ?? []])
      for (const item of list) {
        if (this.#rowOf[item] >= 0) continue;
        this.#rowOf[item] = 0;
        found.push(item);
      }
    // Ascending: neighbours in memory.
    const ids = Int32Array.from(found).sort();
    for (let row = 0; row < ids.length; row += 1) this.#rowOf[ids[row]] = row;
    const rowsOf = (list: Int32Array) => list.map((item) => this.#rowOf[item]);
    const touched: TouchedItemRows = {
      ids,
      items: rowsOf(items),
      ...(sample && { samples: rowsOf(sample.items) }),
    };
    for (const id of ids) this.#rowOf[id] = -1;
    return { ...rows, touched };
  }

  /** Rows of every table, with room for more: `[rowCount, …]`. The next call writes into the same arrays. */
  gather({ ids }: TouchedItemRows, rowCount = ids.length): NamedArrays {
    const gathered = [...this.#tables].map(([name, table]) => {
      const values = this.#room(`rows of ${name}`, rowCount * table.width);
      table.gather(ids, values);
      return [name, { shape: [rowCount, ...table.shape.slice(1)], values }] as const;
    });
    return Object.fromEntries(gathered);
  }

  /** An array for the gradient of rows of a table, `[rowCount, …]`. The next call returns the same. */
  gradientRoom(name: string, rowCount: number): Float32Array {
    return this.#room(`gradient of ${name}`, rowCount * (this.#tables.get(name)?.width ?? 0));
  }

  #room(key: string, size: number): Float32Array {
    const known = this.#rooms.get(key);
    const room = known && known.length >= size ? known : new Float32Array(size);
    this.#rooms.set(key, room);
    return room.subarray(0, size);
  }

  /**
   * One step of Adam for rows of the tables that have gradients.
   *
   * @param stepsBefore The number of steps before this one.
   */
  update(
    { ids }: TouchedItemRows,
    gradients: Readonly<Record<string, Float32Array>>,
    stepsBefore: number,
  ): void {
    const scalars = adamScalars(stepsBefore, this.#adam);
    for (const [name, gradient] of Object.entries(gradients))
      this.#tables.get(name)?.update(ids, gradient, scalars);
  }

  /** All values: read-only. */
  values(): NamedArrays {
    const values = [...this.#tables].map(
      ([name, table]) => [name, { shape: table.shape, values: table.values() }] as const,
    );
    return Object.fromEntries(values);
  }

  /** Replaces the tables whose values are given. */
  write(arrays: NamedArrays): void {
    for (const [name, table] of this.#tables) if (arrays[name]) table.write(arrays[name].values);
  }

  /** The moments by their names in checkpoints. */
  moments(): NamedArrays {
    const moments = [...this.#tables].flatMap(([name, table]) => {
      const { shape } = table;
      const { mean, square } = table.moments() ?? {};
      if (!mean || !square) return [];
      return [
        [momentName("mean", name), { shape, values: mean }] as const,
        [momentName("square", name), { shape, values: square }] as const,
      ];
    });
    return Object.fromEntries(moments);
  }

  /** Replaces all moments. Those that are not given start from zero. */
  writeMoments(arrays: NamedArrays): void {
    for (const [name, table] of this.#tables) {
      const { [momentName("mean", name)]: mean, [momentName("square", name)]: square } = arrays;
      table.writeMoments(mean && square && { mean: mean.values, square: square.values });
    }
  }
}
