import type { NamedArray } from "../artifacts/safetensors";
import type { ParameterSettings } from "./adam";
import { type RowPlace, rowFactors, rowRoom } from "./row-place";
import { rowStep } from "./row-step";

/** Rows of a block. A table grows by blocks, without a copy. */
const blockRows = 1024;

/**
 * A trained table with a row for each item, on the host, and its moments. A step changes the rows of some items and reads no
 * others, so its time does not grow with the table: "lazy" Adam, as `torch.optim.SparseAdam`. A row whose item has no part in
 * a step keeps its numbers and its moments, where Adam (Kingma and Ba 2015) would let the moments decay and move the row along
 * them. The bias corrections are those of the step of the run, as there.
 *
 * Rows that have changed lie apart from the first values, each beside its moments. So the moments take memory only for them.
 */
export class ItemTable {
  readonly shape: readonly number[];
  readonly width: number;
  /** The length of a part of a row, values or moments, with its padding. */
  readonly #room: number;
  readonly #settings: ParameterSettings;
  /** The values of rows without a slot. Shared with others: never written. */
  #first: Float32Array;
  /** `[items]`: the slot of each item that has changed, or −1. */
  readonly #slotOf: Int32Array;
  #slots = 0;
  /** `[slots, 3 · room]`, in blocks: the values of each changed row, then its first moments, then its second moments. */
  #blocks: Float32Array[] = [];
  /** The present values of all rows, while nothing changes them. Shared with others: never written. */
  #whole: Float32Array | undefined;

  constructor({ shape, values }: NamedArray, settings: ParameterSettings) {
    this.shape = shape;
    this.width = shape.slice(1).reduce((size, length) => size * length, 1);
    this.#room = rowRoom(this.width);
    this.#settings = settings;
    this.#first = values;
    this.#slotOf = new Int32Array(shape[0]).fill(-1);
  }

  /** Copies the rows of some items, one after the other. */
  gather(items: Int32Array, into: Float32Array): void {
    const { width } = this;
    for (let row = 0; row < items.length; row += 1) {
      const item = items[row];
      const slot = this.#slotOf[item];
      const { block, start } = slot < 0 ? { block: this.#first, start: item * width } : this.#place(slot);
      into.set(block.subarray(start, start + width), row * width);
    }
  }

  /**
   * One step of Adam for the rows of some items.
   *
   * @param gradients `[at least items, width]`: the gradients of these rows.
   */
  update(
    items: Int32Array,
    gradients: Float32Array,
    scalars: { readonly rate: number; readonly offset: number },
  ): void {
    const { width } = this;
    const factors = rowFactors(scalars, this.#settings);
    this.#whole = undefined;
    for (let row = 0; row < items.length; row += 1) {
      const item = items[row];
      const gradient = gradients.subarray(row * width, (row + 1) * width);
      // Nothing moves a row without moments and gradient, such as that of an item that dropout left out of the step.
      if (this.#slotOf[item] < 0 && factors.decay === 1 && gradient.every((slope) => slope === 0)) continue;
      rowStep(this.#place(this.#slot(item)), gradient, factors);
    }
  }

  /** The values of all rows: read-only, and later steps do not change them. */
  values(): Float32Array {
    if (this.#slots === 0) return this.#first;
    if (this.#whole) return this.#whole;
    const whole = this.#first.slice();
    this.#eachSlot((item, { block, start }) => {
      whole.set(block.subarray(start, start + this.width), item * this.width);
    });
    this.#whole = whole;
    return whole;
  }

  /** Replaces the values and keeps the moments. The table keeps the array itself and does not write into it. */
  write(values: Float32Array): void {
    this.#first = values;
    this.#whole = undefined;
    this.#eachSlot((item, { block, start }) => {
      block.set(values.subarray(item * this.width, (item + 1) * this.width), start);
    });
  }

  /** The moments of all rows; undefined before the first step. */
  moments(): { readonly mean: Float32Array; readonly square: Float32Array } | undefined {
    if (this.#slots === 0) return undefined;
    const { width } = this;
    const room = this.#room;
    const [mean, square] = [1, 2].map((part) => {
      const whole = new Float32Array(this.#first.length);
      this.#eachSlot((item, { block, start }) => {
        whole.set(block.subarray(start + part * room, start + part * room + width), item * width);
      });
      return whole;
    });
    return { mean, square };
  }

  /** Replaces the moments, by zeros if none are given, and keeps the values. */
  writeMoments(moments?: { readonly mean: Float32Array; readonly square: Float32Array }): void {
    this.#first = this.values();
    this.#whole = undefined;
    this.#slotOf.fill(-1);
    this.#slots = 0;
    this.#blocks = [];
    if (!moments) return;
    const { width } = this;
    for (let item = 0; item < this.#slotOf.length; item += 1) {
      const [start, end] = [item * width, (item + 1) * width];
      // The square of a row that has changed is 0 only where all of its gradients were.
      const [mean, square] = [moments.mean.subarray(start, end), moments.square.subarray(start, end)];
      if (!square.some((value) => value !== 0) && !mean.some((value) => value !== 0)) continue;
      const { block, start: place } = this.#place(this.#slot(item));
      block.set(mean, place + this.#room);
      block.set(square, place + 2 * this.#room);
    }
  }

  /** The slot of an item; a new one with the item's values if it has none. */
  #slot(item: number): number {
    const known = this.#slotOf[item];
    if (known >= 0) return known;
    const slot = this.#slots;
    this.#slots += 1;
    this.#slotOf[item] = slot;
    const rowsLeft = this.shape[0] - this.#blocks.length * blockRows;
    if (slot % blockRows === 0)
      this.#blocks.push(new Float32Array(Math.min(blockRows, rowsLeft) * 3 * this.#room));
    const { block, start } = this.#place(slot);
    block.set(this.#first.subarray(item * this.width, (item + 1) * this.width), start);
    return slot;
  }

  #place(slot: number): RowPlace {
    return {
      block: this.#blocks[Math.floor(slot / blockRows)],
      start: (slot % blockRows) * 3 * this.#room,
    };
  }

  #eachSlot(visit: (item: number, place: RowPlace) => void): void {
    for (let item = 0; item < this.#slotOf.length; item += 1)
      if (this.#slotOf[item] >= 0) visit(item, this.#place(this.#slotOf[item]));
  }
}
