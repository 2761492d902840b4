import { expect, it } from "vitest";
import { adamScalars, adamSchema, resolveSettings } from "./adam";
import { ItemTable } from "./item-table";

const adam = adamSchema.parse({ learningRate: 0.1 });
const settings = resolveSettings({}, adam);

/** A table of `[items, 2]` with item / 10 in each row. */
function table(items: number) {
  const values = Float32Array.from({ length: 2 * items }, (_, index) => Math.floor(index / 2) / 10);
  return { values, table: new ItemTable({ shape: [items, 2], values }, settings) };
}

it("takes hand-computed steps of lazy Adam and leaves other rows as they are, to the bit", () => {
  const { values, table: own } = table(4);
  const before = values.slice();
  // A gradient g in the first of all steps moves by the learning rate: m̂ / √v̂ is its sign.
  own.update(Int32Array.of(1, 3), Float32Array.of(2, -0.5, 4, 1), adamScalars(0, adam));
  const first = own.values();
  [0.1 - 0.1, 0.1 + 0.1].forEach((value, unit) => {
    expect(first[2 + unit]).toBeCloseTo(value, 6);
  });
  // In the third step, item 3 has the gradients (4, 1) and (0, 2) of two steps, and the bias corrections of three:
  // m̂ = (0.9 · 0.1 g + 0.1 g') / (1 − 0.9³), v̂ = (0.999 · 0.001 g² + 0.001 g'²) / (1 − 0.999³).
  own.update(Int32Array.of(3), Float32Array.of(0, 2), adamScalars(2, adam));
  const third = own.values();
  const moved = (g: number, next: number) => {
    const mean = (0.9 * 0.1 * g + 0.1 * next) / (1 - 0.9 ** 3);
    const square = (0.999 * 0.001 * g * g + 0.001 * next * next) / (1 - 0.999 ** 3);
    return 0.3 - 0.1 - (0.1 * mean) / Math.sqrt(square);
  };
  expect(third[6]).toBeCloseTo(moved(4, 0), 6);
  expect(third[7]).toBeCloseTo(moved(1, 2), 6);
  // Item 1 has no part in the third step, items 0 and 2 in none.
  expect(third.subarray(0, 6)).toEqual(first.subarray(0, 6));
  expect(third.subarray(4, 6)).toEqual(before.subarray(4, 6));
  expect(values).toEqual(before);
  const rows = new Float32Array(4);
  own.gather(Int32Array.of(3, 2), rows);
  expect(rows).toEqual(Float32Array.of(third[6], third[7], before[4], before[5]));
});

it("has moments for rows that have changed, continues from them, and forgets them on request", () => {
  // More than a block of rows.
  const items = 2500;
  const [one, other] = [table(items).table, table(items).table];
  const ids = Int32Array.from({ length: 1200 }, (_, index) => 2 * index);
  const gradients = Float32Array.from({ length: 2400 }, (_, index) => Math.sin(index));
  expect(one.moments()).toBeUndefined();
  one.update(ids, gradients, adamScalars(0, adam));
  const moments = one.moments();
  expect(moments?.mean.subarray(2000, 2004)).toEqual(Float32Array.of(gradients[1000], gradients[1001], 0, 0));
  expect(moments?.square.length).toBe(2 * items);

  other.write(one.values());
  other.writeMoments(moments);
  for (const own of [one, other]) own.update(ids.subarray(600), gradients, adamScalars(1, adam));
  expect(other.values()).toEqual(one.values());
  expect(other.moments()).toEqual(one.moments());

  const present = one.values();
  one.writeMoments();
  expect(one.values()).toEqual(present);
  expect(one.moments()).toBeUndefined();
});

it("keeps its moments when its values are replaced", () => {
  const { values, table: own } = table(4);
  own.update(Int32Array.of(2), Float32Array.of(1, 1), adamScalars(0, adam));
  const moments = own.moments();
  own.write(values);
  expect(own.values()).toEqual(values);
  expect(own.moments()).toEqual(moments);
});

it("leaves a row without gradients as it is until it has some, unless weights decay", () => {
  const gradients = Float32Array.of(0, 0, 1, 0);
  const { values, table: own } = table(4);
  own.update(Int32Array.of(1, 2), gradients, adamScalars(0, adam));
  expect(own.values().subarray(0, 4)).toEqual(values.subarray(0, 4));
  expect(own.values()[4]).toBeCloseTo(0.1, 6);
  // Item 2 has a mean now, along which it moves on.
  own.update(Int32Array.of(1, 2), new Float32Array(4), adamScalars(1, adam));
  expect(own.values()[4]).toBeLessThan(0.05);

  const decaying = adamSchema.parse({ learningRate: 0.1, weightDecay: 0.5 });
  const shrinking = new ItemTable({ shape: [4, 2], values }, resolveSettings({}, decaying));
  shrinking.update(Int32Array.of(1, 2), gradients, adamScalars(0, decaying));
  expect(shrinking.values()[2]).toBeCloseTo(0.95 * 0.1, 6);
});
