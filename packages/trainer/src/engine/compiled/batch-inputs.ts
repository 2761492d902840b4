import type { ElementArray, Recorder } from "@dmrec/compile";
import type { ExampleBatch, ExampleRows, PairBatch, PairRows, UserBatch, UserRows } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";
import { graphNames } from "./names";

/** The sizes of a batch of users that a graph is fixed to. */
export interface UserShape {
  readonly kind: "users";
  readonly itemCount: number;
  readonly users: number;
  readonly interactions: number;
  readonly hasIndices: boolean;
  /** The width of the batch's own profile embeddings; 0 if it has none. */
  readonly profileWidth: number;
  /** The items drawn for a step; 0 if none are. */
  readonly samples: number;
  /** The number of rows that a step gets of each table of items; 0 if it gets whole tables. */
  readonly touched: number;
}

/** The sizes of a batch of pairs that a graph is fixed to. */
export interface PairShape {
  readonly kind: "pairs";
  readonly itemCount: number;
  readonly pairs: number;
  readonly negatives: number;
}

export type BatchShape = UserShape | PairShape;

/** The shape of the graph for a batch, with room for more interactions so that other batches can use the graph, too. */
export function shapeFor(rows: ExampleRows): BatchShape {
  return isPairs(rows) ? pairShape(rows) : userShape(rows);
}

export function userShape({
  itemCount,
  rowCount,
  users,
  items,
  profileEmbeddings,
  sample,
  touched,
}: UserRows): UserShape {
  return {
    kind: "users",
    itemCount,
    users: rowCount,
    interactions: roomFor(items.length),
    hasIndices: users !== undefined,
    profileWidth: profileEmbeddings?.columnCount ?? 0,
    samples: sample?.items.length ?? 0,
    touched: touched ? roomFor(touched.ids.length) : 0,
  };
}

/** Rounds a count up to one of few sizes, because each size needs a graph of its own. It is always greater than the count. */
function roomFor(count: number): number {
  const step = Math.max(64, 2 ** Math.floor(Math.log2(Math.max(count, 1)) - 3));
  return Math.ceil((count + 1) / step) * step;
}

function pairShape({ itemCount, users, negatives }: PairRows): PairShape {
  const pairs = users.length;
  return { kind: "pairs", itemCount, pairs, negatives: negatives.length / pairs };
}

/** Identifies the graphs that differ in more than their room for interactions. */
export function shapeKey(shape: BatchShape): string {
  return shape.kind === "pairs"
    ? `pairs ${shape.pairs} ${shape.negatives}`
    : `users ${shape.users} ${shape.hasIndices} ${shape.profileWidth} ${shape.samples} ${shape.touched > 0}`;
}

/** True if a graph of this shape has room for a batch of the same key. */
export function hasRoom(shape: BatchShape, rows: ExampleRows): boolean {
  if (shape.kind === "pairs" || isPairs(rows)) return true;
  return shape.interactions >= rows.items.length && shape.touched >= (rows.touched?.ids.length ?? 0);
}

/** The inputs of a graph for a batch. */
export function batchInputs(recorder: Recorder, shape: BatchShape): ExampleBatch {
  return shape.kind === "pairs" ? pairInputs(recorder, shape) : userInputs(recorder, shape);
}

export function userInputs(
  recorder: Recorder,
  { itemCount, users, interactions, hasIndices, profileWidth, samples, touched }: UserShape,
): UserBatch {
  const input = <R extends tf.Rank>(field: string, shape: tf.ShapeMap[R], type?: "int32") =>
    recorder.input<R>(graphNames.batch(field), shape, type);
  return {
    userCount: users,
    itemCount,
    rows: input<tf.Rank.R1>("rows", [interactions], "int32"),
    items: input<tf.Rank.R1>("items", [interactions], "int32"),
    weights: input<tf.Rank.R1>("weights", [interactions]),
    ...(hasIndices && { users: input<tf.Rank.R1>("users", [users], "int32") }),
    ...(profileWidth > 0 && {
      profileEmbeddings: input<tf.Rank.R2>("profileEmbeddings", [users, profileWidth]),
    }),
    ...(samples > 0 && {
      sample: {
        items: input<tf.Rank.R1>("sample.items", [samples], "int32"),
        logWeights: input<tf.Rank.R1>("sample.logWeights", [samples]),
        places: input<tf.Rank.R1>("sample.places", [interactions], "int32"),
      },
    }),
    ...(touched > 0 && {
      touched: {
        rowCount: touched,
        items: input<tf.Rank.R1>("touched.items", [interactions], "int32"),
        ...(samples > 0 && { samples: input<tf.Rank.R1>("touched.samples", [samples], "int32") }),
      },
    }),
  };
}

function pairInputs(recorder: Recorder, { itemCount, pairs, negatives }: PairShape): PairBatch {
  return {
    pairCount: pairs,
    itemCount,
    users: recorder.input<tf.Rank.R1>(graphNames.batch("users"), [pairs], "int32"),
    positives: recorder.input<tf.Rank.R1>(graphNames.batch("positives"), [pairs], "int32"),
    negatives: recorder.input<tf.Rank.R2>(graphNames.batch("negatives"), [pairs, negatives], "int32"),
  };
}

/** The arrays of a batch by the names of the graph's inputs. Interactions that fill the room have weight 0. */
export function batchArrays(rows: ExampleRows, shape: BatchShape): Readonly<Record<string, ElementArray>> {
  const arrays =
    isPairs(rows) || shape.kind === "pairs" ? pairArrays(rows) : userArrays(rows, shape.interactions);
  return Object.fromEntries(
    Object.entries(arrays).map(([field, array]) => [graphNames.batch(field), array] as const),
  );
}

function pairArrays(rows: ExampleRows): Readonly<Record<string, ElementArray>> {
  if (!isPairs(rows)) throw new RangeError("a graph of pairs was given users");
  const { users, positives, negatives } = rows;
  return { users, positives, negatives };
}

function userArrays(
  { rowCount, users, rows, items, weights, profileEmbeddings, sample, touched }: UserRows,
  interactions: number,
): Readonly<Record<string, ElementArray>> {
  // Rows ascend, so padding belongs to the last one.
  const lastRow = Math.max(rowCount - 1, 0);
  return {
    rows: padded(rows, new Int32Array(interactions), lastRow),
    items: padded(items, new Int32Array(interactions)),
    weights: padded(weights, new Float32Array(interactions)),
    ...(users && { users }),
    ...(profileEmbeddings && { profileEmbeddings: profileEmbeddings.values }),
    ...(sample && {
      "sample.items": sample.items,
      "sample.logWeights": sample.logWeights,
      "sample.places": padded(sample.places, new Int32Array(interactions), sample.items.length),
    }),
    ...(touched && {
      "touched.items": padded(touched.items, new Int32Array(interactions)),
      ...(touched.samples && { "touched.samples": touched.samples }),
    }),
  };
}

function padded<Elements extends Int32Array | Float32Array>(
  values: Elements,
  empty: Elements,
  fill = 0,
): Elements {
  if (values.length === empty.length) return values;
  empty.fill(fill).set(values);
  return empty;
}

function isPairs(rows: ExampleRows): rows is PairRows {
  return "positives" in rows;
}
