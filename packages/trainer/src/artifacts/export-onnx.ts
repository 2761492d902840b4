import { exportModel, type Graph, trace } from "@dmrec/compile";
import {
  arraysByName,
  type ExportData,
  type ExportPrecision,
  exportedModel,
  InvalidDataError,
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
import { writeDurably } from "../files/write-durably";
import type { NamedArrays } from "./safetensors";

const { inputs, outputs } = exportedModel;

/** The sizes that each run of an exported model may choose. */
const dimensions = ["users", "interactions", "excluded"] as const;
type Sizes = Readonly<Record<(typeof dimensions)[number], number>>;

const description = `A DMRec recommender. One row for each user:
${inputs.users} int32 [users], if the model knows users by their index;
${inputs.items} int32 [users, interactions]: indices of the user's items; ${inputs.weights} float32 [users, interactions]: 1 for each, 0 where a row is shorter;
${inputs.profileEmbeddings} float32 [users, width], if the model reads profiles;
${inputs.excluded} int32 [users, excluded]: indices of further items to leave out, the number of items for none;
${inputs.count} int64 [1]: how many items to return.
${outputs.scores} float32 [users, items]: of all items; ${outputs.topItems} int32 [users, count] and ${outputs.topScores}: the best ones, without the user's items and excluded ones.`;

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
  const items = itemMetadata(recommender, data);
  const users = recommender.reads.userIndex ? { users: userMetadata(recommender, data) } : {};
  await tf.ready();
  await writeDurably(file, encodeRecommender(recommender, parameters, { items, ...users }, precision));
}

/** The file's bytes. Synchronous, because tfjs's scopes would free the tensors of other models meanwhile. */
function encodeRecommender(
  recommender: Recommender,
  parameters: NamedArrays,
  identifiers: Readonly<Record<string, string>>,
  precision: ExportPrecision,
): Uint8Array {
  tf.engine().startScope();
  try {
    const prepared = prepareTensors(recommender, parameters);
    return exportModel(dimensions, (sizes) => traceRecommendation(recommender, prepared, sizes), {
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
  { users, interactions, excluded }: Sizes,
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
    const seen = { rows: batch.rows, items: batch.items, isHidden: tf.greater(batch.weights, 0) };
    const unwanted = {
      rows: recorder.rowIndices(others),
      items: tf.reshape<tf.Rank.R1>(tf.minimum(others, tf.scalar(itemCount - 1, "int32")), [-1]),
      isHidden: tf.reshape<tf.Rank.R1>(tf.less(others, tf.scalar(itemCount, "int32")), [-1]),
    };
    const top = recorder.topK(hide(hide(scores, seen), unwanted), count);
    return { [outputs.scores]: scores, [outputs.topItems]: top.indices, [outputs.topScores]: top.values };
  });
}

/** Returns scores that are −∞ for the items that are hidden from a row. */
function hide(
  scores: tf.Tensor2D,
  {
    rows,
    items,
    isHidden,
  }: { readonly rows: tf.Tensor1D; readonly items: tf.Tensor1D; readonly isHidden: tf.Tensor },
): tf.Tensor2D {
  const penalties = tf.where(
    isHidden,
    tf.fill(isHidden.shape, Number.NEGATIVE_INFINITY),
    tf.fill(isHidden.shape, 0),
  );
  return tf.add(scores, tf.scatterND(tf.stack([rows, items], 1), penalties, scores.shape));
}

function noRows(itemCount: number) {
  const none = new Int32Array(0);
  return { itemCount, rowCount: 0, rows: none, items: none, weights: new Float32Array(0) };
}
