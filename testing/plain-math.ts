import { arraysByName, type ParameterTree, type TrainingInteractions } from "@dmrec/core";

/** A matrix, row after row, in double precision: closed forms are written with these, without tensors. */
export type Rows = readonly (readonly number[])[];

/** A model, or anything else that has arrays by name. */
type Arrays = { readonly parameters: ParameterTree };

/** An array of a model as rows; a vector is one row. */
export function rowsOf(model: Arrays, name: string): number[][] {
  const array = arraysByName(model.parameters).get(name);
  if (!array) throw new RangeError(`there is no array called "${name}"`);
  const width = array.shape.at(-1) ?? 1;
  return Array.from({ length: array.values.length / width }, (_, row) =>
    Array.from(array.values.subarray(row * width, (row + 1) * width)),
  );
}

export const transposed = (a: Rows): number[][] => a[0].map((_, column) => a.map((row) => row[column]));
export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * b[index], 0);
export const times = (a: Rows, b: Rows): number[][] => {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
};
export const mapped = (a: Rows, map: (value: number) => number): number[][] => a.map((row) => row.map(map));
export const scaled = (factor: number, a: Rows): number[][] => mapped(a, (value) => factor * value);
export const plus = (...terms: readonly Rows[]): number[][] =>
  terms[0].map((row, index) =>
    row.map((_, column) => terms.reduce((sum, term) => sum + term[index][column], 0)),
  );
export const unit = (a: Rows): number[][] =>
  a.map((row) => row.map((value) => value / Math.max(Math.sqrt(dot(row, row)), 1e-12)));
export const softmax = (a: Rows): number[][] =>
  a.map((row) => {
    const sum = row.reduce((total, value) => total + Math.exp(value), 0);
    return row.map((value) => Math.exp(value) / sum);
  });
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
export const softplus = (value: number): number => Math.log1p(Math.exp(value));

/** x W + b with the dense layer of this name. */
export const dense = (model: Arrays, layer: string, x: Rows): number[][] => {
  const [bias] = rowsOf(model, `${layer}.bias`);
  return times(x, rowsOf(model, `${layer}.weights`)).map((row) => row.map((value, i) => value + bias[i]));
};

/** The dense matrix of interactions. */
export function denseInteractions({
  userCount,
  itemCount,
  offsets,
  items,
  weights,
}: TrainingInteractions): number[][] {
  return Array.from({ length: userCount }, (_, user) => {
    const row = new Array<number>(itemCount).fill(0);
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1) row[items[entry]] = weights[entry];
    return row;
  });
}

const rootOf = (row: readonly number[]) => Math.sqrt(row.reduce((sum, value) => sum + value, 0)) || 1;

/** Rows divided by the root of their sum. */
export const rowNormalized = (a: Rows): number[][] => a.map((row) => row.map((value) => value / rootOf(row)));

/** R̃: rows and columns divided by the roots of their sums. */
export function normalized(a: Rows): number[][] {
  const columns = transposed(a).map(rootOf);
  return rowNormalized(a).map((row) => row.map((value, column) => value / columns[column]));
}
