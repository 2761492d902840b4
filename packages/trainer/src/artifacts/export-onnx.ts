import { exportModel, type Graph, type Recorder, trace } from "@dmrec/compile";
import {
  arraysByName,
  type ExportData,
  type ExportPrecision,
  exportedModel,
  InvalidDataError,
  type ItemColumns,
  isConstant,
  RandomGenerator,
  type Recommender,
  type TensorBranch,
  tensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { createForwardContext } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import packageJson from "../../package.json" with { type: "json" };
import { assertItemsFit, assertScoresFit } from "../assert-fits";
import { betweenStarts } from "../engine/backend-starts";
import { writeDurably } from "../files/write-durably";
import type { NamedArrays } from "./safetensors";

const { inputs, outputs } = exportedModel;

/** The sizes that each run of an exported model may choose. */
const dimensions = ["users", "interactions", "excluded"] as const;
/** Those of a model with columns of items, whose runs may filter. */
const filterDimensions = [...dimensions, "filtered"] as const;
type Sizes = Readonly<Record<(typeof dimensions)[number], number>> & { readonly filtered?: number };

const description = `A DMRec recommender. One row for each user:
${inputs.users} int32 [users], if the model knows users by their index;
${inputs.items} int32 [users, interactions]: indices of the user's items; ${inputs.weights} float32 [users, interactions]: 1 for each, 0 where a row is shorter;
${inputs.profileEmbeddings} float32 [users, width], if the model reads profiles;
${inputs.excluded} int32 [users, excluded]: indices of further items to leave out, the number of items for none;
${inputs.count} int64 [1]: how many items to return;
${inputs.hiddenScore} float32 [1], if there is no output ${outputs.scores}: what is added to the scores of the user's items and of excluded ones, -Infinity to leave them out;
${inputs.filteredRows} int32 [filtered], if the items have columns: different rows of users whose items are filtered, at least one; ${inputs.allowed} bool [filtered, items]: true for items that such a row may get.
${outputs.scores} float32 [users, items], up to 65536 items: of all items; ${outputs.topItems} int32 [users, count] and ${outputs.topScores}: the best ones, without the user's items and excluded ones.`;

/**
 * Writes a model as one self-contained ONNX file. Identifiers, the configuration and versions are in its metadata.
 *
 * @throws InvalidDataError if the data has another number of items or users than the model.
 * @throws UnmappedKernelError
 * @throws FileError if it cannot be written.
 */
export async function exportOnnx(
  recommender: Recommender,
  parameters: NamedArrays,
  file: string,
  data: ExportData | undefined,
  precision: ExportPrecision,
): Promise<void> {
  const identifiers = {
    items: itemMetadata(recommender, data),
    ...(recommender.reads.userIndex && { users: userMetadata(recommender, data) }),
    ...(data?.itemColumns && { columns: columnMetadata(recommender, data.itemColumns) }),
  };
  const encode = () => encodeRecommender(recommender, parameters, identifiers, precision);
  await writeDurably(file, await betweenStarts(encode));
}

/** The file's bytes. Synchronous, because tfjs's scopes would free the tensors of other models meanwhile. */
function encodeRecommender(
  recommender: Recommender,
  parameters: NamedArrays,
  identifiers: Readonly<Record<"items", string>> & { readonly users?: string; readonly columns?: string },
  precision: ExportPrecision,
): Uint8Array {
  tf.engine().startScope();
  try {
    const prepared = prepareTensors(recommender, parameters);
    const names = identifiers.columns === undefined ? dimensions : filterDimensions;
    return exportModel<keyof Sizes>(names, (sizes) => traceRecommendation(recommender, prepared, sizes), {
      description,
      precision,
      dimensions: { [outputs.topItems]: ["users", "count"], [outputs.topScores]: ["users", "count"] },
      metadata: {
        format: exportedModel.format,
        model: recommender.name,
        precision,
        configuration: JSON.stringify(recommender.configuration),
        reads: JSON.stringify(recommender.reads),
        ...identifiers,
        versions: JSON.stringify({
          trainer: packageJson.version,
          tfjs: tf.version_core,
          node: process.version,
        }),
      },
    });
  } finally {
    tf.engine().endScope();
  }
}

function itemMetadata(recommender: Recommender, data: ExportData | undefined): string {
  if (data === undefined)
    return JSON.stringify({ ids: Array.from({ length: recommender.itemCount }, (_, item) => String(item)) });
  const { itemIds, itemNames } = data;
  assertItemsFit(recommender, "itemIds", itemIds.length);
  if (itemNames) assertItemsFit(recommender, "itemNames", itemNames.length);
  return JSON.stringify({ ids: itemIds, ...(itemNames && { names: itemNames }) });
}

function columnMetadata(recommender: Recommender, columns: ItemColumns): string {
  for (const [name, { values }] of Object.entries(columns))
    assertItemsFit(recommender, `itemColumns.${name}`, values.length);
  return JSON.stringify(columns);
}

function userMetadata({ name, userCount = 0 }: Recommender, data: ExportData | undefined): string {
  const ids = data?.userIds ?? Array.from({ length: userCount }, (_, user) => String(user));
  if (ids.length <= userCount) return JSON.stringify({ ids });
  const expected = `at most ${userCount}, as ${name} was made for`;
  throw new InvalidDataError({ source: "userIds", actual: `${ids.length} users`, expected });
}

/** The tensors that scores get, computed once: they are constants of the file. The caller frees them. */
function prepareTensors(recommender: Recommender, parameters: NamedArrays): TensorBranch {
  const arrays = arraysByName(recommender.parameters);
  const tensors = tensorsOf(recommender.parameters, (name) => {
    const array = arrays.get(name);
    const { values, shape } = array && isConstant(array) ? array : parameters[name];
    return tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
  });
  return recommender.prepare?.(tensors) ?? tensors;
}

function traceRecommendation(
  recommender: Recommender,
  prepared: TensorBranch,
  { users, interactions, excluded, filtered }: Sizes,
): Graph {
  const { itemCount, reads, profileWidth } = recommender;
  return trace((recorder) => {
    const items = recorder.input<tf.Rank.R2>(inputs.items, [users, interactions], "int32");
    const weights = recorder.input<tf.Rank.R2>(inputs.weights, [users, interactions]);
    const others = recorder.input<tf.Rank.R2>(inputs.excluded, [users, excluded], "int32");
    const count = recorder.count(inputs.count);
    const batch: UserBatch = {
      userCount: users,
      itemCount,
      rows: recorder.rowIndices(weights),
      items: tf.reshape(items, [-1]),
      weights: tf.reshape(weights, [-1]),
      ...(reads.userIndex && { users: recorder.input<tf.Rank.R1>(inputs.users, [users], "int32") }),
      // Known users have their profile in a table of the model.
      ...(profileWidth !== undefined &&
        !reads.userIndex && {
          profileEmbeddings: recorder.input<tf.Rank.R2>(inputs.profileEmbeddings, [users, profileWidth]),
        }),
    };
    const context = createForwardContext({
      training: false,
      random: RandomGenerator.fromSeed(0),
      step: 0,
      epoch: 0,
      batch: noRows(itemCount),
    });
    const scores = recommender.scores(prepared, batch, context);
    assertScoresFit(recommender, scores, users);
    const seen = {
      rows: batch.rows,
      items: batch.items,
      isHidden: tf.greater<tf.Tensor1D>(batch.weights, 0),
    };
    const unwanted = {
      rows: recorder.rowIndices(others),
      items: tf.reshape<tf.Rank.R1>(tf.minimum(others, tf.scalar(itemCount - 1, "int32")), [-1]),
      isHidden: tf.reshape<tf.Rank.R1>(tf.less(others, tf.scalar(itemCount, "int32")), [-1]),
    };
    const hidden: readonly HiddenItems[] = [seen, unwanted];
    const rank = (matrix: tf.Tensor2D | readonly tf.Tensor2D[]) => {
      const top = recorder.topK(matrix, count);
      return { [outputs.topItems]: top.indices, [outputs.topScores]: top.values };
    };
    const filter = filtered === undefined ? undefined : filterInputs(recorder, filtered, itemCount);
    if (itemCount <= largestBlock) {
      const rest = hide(scores, hidden, tf.scalar(Number.NEGATIVE_INFINITY));
      return { [outputs.scores]: scores, ...rank(filter ? applyFilter(rest, filter) : rest) };
    }
    // ONNX Runtime computes every output of a file in every run: the scores of all items would always exist.
    const hiddenScore = recorder.input<tf.Rank.R1>(inputs.hiddenScore, [1]);
    const sizes = blockSizes(itemCount);
    const allowed = filter && tf.split<tf.Tensor2D>(filter.allowed, sizes, 1);
    const blocks = tf.split<tf.Tensor2D>(scores, sizes, 1).map((block, index) => {
      const inside = hidden.map((list) => within(list, index * largestBlock, sizes[index]));
      const rest = hide(block, inside, hiddenScore);
      return filter && allowed ? applyFilter(rest, { ...filter, allowed: allowed[index] }) : rest;
    });
    return rank(blocks);
  });
}

/** Items whose scores of a batch exist at a time in an exported model. */
const largestBlock = 1 << 16;

function blockSizes(itemCount: number): number[] {
  const count = Math.ceil(itemCount / largestBlock);
  return Array.from({ length: count }, (_, block) =>
    Math.min(largestBlock, itemCount - block * largestBlock),
  );
}

/** Items to hide, each with its row of the scores. */
interface HiddenItems {
  readonly rows: tf.Tensor1D;
  readonly items: tf.Tensor1D;
  readonly isHidden: tf.Tensor1D;
}

/** The hidden items of a block of columns, by their columns within it. Items outside of it hide nothing. */
function within({ rows, items, isHidden }: HiddenItems, start: number, size: number): HiddenItems {
  const columns = tf.sub<tf.Tensor1D>(items, tf.scalar(start, "int32"));
  const last = tf.scalar(size - 1, "int32");
  const isInside = tf.logicalAnd(
    tf.greaterEqual(columns, tf.scalar(0, "int32")),
    tf.lessEqual(columns, last),
  );
  const inside = tf.minimum<tf.Tensor1D>(tf.maximum(columns, tf.scalar(0, "int32")), last);
  return { rows, items: inside, isHidden: tf.logicalAnd<tf.Tensor1D>(isHidden, isInside) };
}

/** Adds a score, such as −∞, to those of hidden items. */
function hide(scores: tf.Tensor2D, hidden: readonly HiddenItems[], hiddenScore: tf.Tensor): tf.Tensor2D {
  return hidden.reduce((rest, { rows, items, isHidden }) => {
    const none = tf.fill(isHidden.shape, 0);
    // Sums that are subtracted go into the scores, without an array of zeros.
    const penalties = tf.where(isHidden, tf.sub(none, hiddenScore), none);
    return tf.sub(rest, tf.scatterND(tf.stack([rows, items], 1), penalties, scores.shape));
  }, scores);
}

/** The filtered rows of a batch, and which of the items they may get. */
interface RowFilter {
  readonly rows: tf.Tensor1D;
  /** bool `[filtered, items]` */
  readonly allowed: tf.Tensor2D;
}

function filterInputs(recorder: Recorder, filtered: number, itemCount: number): RowFilter {
  return {
    rows: recorder.input<tf.Rank.R1>(inputs.filteredRows, [filtered], "int32"),
    allowed: recorder.input<tf.Rank.R2>(inputs.allowed, [filtered, itemCount], "bool"),
  };
}

/** Gives −∞ to the items that filtered rows may not get. Other rows cost nothing. */
function applyFilter(scores: tf.Tensor2D, { rows, allowed }: RowFilter): tf.Tensor2D {
  const none = tf.fill<tf.Rank.R2>([1, 1], Number.NEGATIVE_INFINITY);
  const filtered = tf.where(allowed, tf.gather(scores, rows), none);
  return tf.tensorScatterUpdate(scores, tf.expandDims(rows, 1), filtered);
}

function noRows(itemCount: number) {
  const none = new Int32Array(0);
  return { itemCount, rowCount: 0, rows: none, items: none, weights: new Float32Array(0) };
}
