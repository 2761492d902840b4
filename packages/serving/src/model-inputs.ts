import { exportedModel, type OnnxRuntime } from "@dmrec/core";
import type { Tensor } from "onnxruntime-common";
import type { RequestRow } from "./request-parser";

const { inputs } = exportedModel;

export interface ModelInputsOptions {
  readonly itemCount: number;
  /** The width of the profile embeddings. Absent if the model reads none. */
  readonly profileWidth: number | undefined;
  /** The number of items to return for each row. */
  readonly count: number;
  /** The score that is added to those of hidden items. Absent if the model has no input for it: it adds −∞. */
  readonly hiddenScore: number | undefined;
  /** True if the model has inputs for filters. */
  readonly hasFilter: boolean;
}

/** Makes the inputs of one run. A row that is shorter than the longest is padded. */
export function modelInputs(
  { Tensor }: OnnxRuntime,
  rows: readonly RequestRow[],
  { itemCount, profileWidth, count, hiddenScore, hasFilter }: ModelInputsOptions,
): Record<string, Tensor> {
  // At least one place each: not every runtime takes empty axes.
  const length = Math.max(1, ...rows.map(({ items }) => items.length));
  const excludedLength = Math.max(1, ...rows.map(({ excluded }) => excluded.length));
  const items = new Int32Array(rows.length * length);
  const weights = new Float32Array(rows.length * length);
  const excluded = new Int32Array(rows.length * excludedLength).fill(itemCount);
  for (const [index, row] of rows.entries()) {
    items.set(row.items, index * length);
    weights.set(row.weights, index * length);
    excluded.set(row.excluded, index * excludedLength);
  }
  const feeds: Record<string, Tensor> = {
    [inputs.items]: new Tensor("int32", items, [rows.length, length]),
    [inputs.weights]: new Tensor("float32", weights, [rows.length, length]),
    [inputs.excluded]: new Tensor("int32", excluded, [rows.length, excludedLength]),
    [inputs.count]: new Tensor("int64", BigInt64Array.of(BigInt(count)), [1]),
  };
  if (hiddenScore !== undefined)
    feeds[inputs.hiddenScore] = new Tensor("float32", Float32Array.of(hiddenScore), [1]);
  const users = rows.flatMap(({ user }) => user ?? []);
  if (users.length > 0) feeds[inputs.users] = new Tensor("int32", Int32Array.from(users), [rows.length]);
  if (profileWidth !== undefined) {
    const embeddings = profileRows(rows, profileWidth);
    feeds[inputs.profileEmbeddings] = new Tensor("float32", embeddings, [rows.length, profileWidth]);
  }
  return hasFilter ? { ...feeds, ...filterInputs(Tensor, rows, itemCount) } : feeds;
}

/** The masks of the rows that have one; if none has one, the first row may get every item. */
function filterInputs(
  Tensor: OnnxRuntime["Tensor"],
  rows: readonly RequestRow[],
  itemCount: number,
): Record<string, Tensor> {
  const masks = rows.flatMap(({ allowed }, row) => (allowed ? [[row, allowed] as const] : []));
  const length = Math.max(1, masks.length);
  const filtered = new Int32Array(length);
  const allowed = new Uint8Array(length * itemCount);
  if (masks.length === 0) allowed.fill(1);
  for (const [place, [row, mask]] of masks.entries()) {
    filtered[place] = row;
    allowed.set(mask, place * itemCount);
  }
  return {
    [inputs.filteredRows]: new Tensor("int32", filtered, [length]),
    [inputs.allowed]: new Tensor("bool", allowed, [length, itemCount]),
  };
}

/** Profile embeddings, row after row; zeros if a request has none. */
function profileRows(rows: readonly RequestRow[], width: number): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (const [index, { profileEmbedding }] of rows.entries())
    if (profileEmbedding) values.set(profileEmbedding, index * width);
  return values;
}
