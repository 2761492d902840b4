import { exportModel, type Graph, trace } from "@dmrec/compile";
import { type InteractionBatch, RandomGenerator, type Recommender, type SplitDataset } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import packageJson from "../package.json" with { type: "json" };
import { assertItemsFit } from "./assert-fits";
import { createForwardContext } from "./forward-context";
import { writeDurably } from "./write-durably";

/** What an exported recommender knows about its data: identifiers and names of the items, and that there are profiles. */
export type ExportData = Pick<SplitDataset, "itemIds" | "itemNames" | "language">;

/** The sizes that each run of an exported recommender may choose. */
const dimensions = ["users", "interactions", "excluded"] as const;
/** An input of the trace that no file has: which row of a model's own tables a user is. */
const userInput = "users";
type Sizes = Readonly<Record<(typeof dimensions)[number], number>>;

const description = `A DMRec recommender. For each user, a row:
items int32 [users, interactions]: indices of known items; weights float32 [users, interactions]: 1 for each, 0 where a row is shorter;
profiles float32 [users, width], where the model reads profiles: the embedding of the user's profile;
excluded int32 [users, excluded]: indices of further items to leave out, the number of items for none;
count int64 [1]: how many items to give.
scores float32 [users, items]: of all items; top_items int32 [users, count] and top_scores: the best ones, known and excluded items left out.`;

/**
 * Writes a trained recommender as one self-contained ONNX file, which `createRecommender` of `@dmrec/serving` and every
 * other ONNX runtime can load: interactions and, where the model reads them, profile embeddings in; scores and the best
 * items out. Item identifiers, the configuration and versions are in its metadata.
 *
 * @throws InvalidDataError where the data has another number of items than the recommender was made for.
 * @throws UnmappedKernelError
 * @throws DMRecError (`unsupported`) for a model that needs more of a user than interactions and a profile.
 * @throws CheckpointError where it cannot be written.
 */
export async function exportOnnx(recommender: Recommender, file: string, data: ExportData): Promise<void> {
  const { itemIds, itemNames, language } = data;
  assertItemsFit(recommender, "itemIds", itemIds.length);
  if (itemNames) assertItemsFit(recommender, "itemNames", itemNames.length);
  await tf.ready();
  const traceAt = (sizes: Sizes) => traceRecommendation(recommender, sizes, language?.users.columnCount);
  const bytes = exportModel(dimensions, traceAt, {
    description,
    unavailable: [userInput],
    dimensions: { top_items: ["users", "count"], top_scores: ["users", "count"] },
    metadata: {
      format: "dmrec-recommender-1",
      model: recommender.name,
      configuration: JSON.stringify(recommender.configuration),
      items: JSON.stringify({ ids: itemIds, ...(itemNames ? { names: itemNames } : {}) }),
      versions: JSON.stringify({
        trainer: packageJson.version,
        tfjs: tf.version_core,
        node: process.version,
      }),
    },
  });
  await writeDurably(file, bytes);
}

function traceRecommendation(
  recommender: Recommender,
  sizes: Sizes,
  profileWidth: number | undefined,
): Graph {
  const { users, interactions, excluded } = sizes;
  const { itemCount } = recommender;
  return trace((recorder) => {
    const items = recorder.input<tf.Rank.R2>("items", [users, interactions], "int32");
    const weights = recorder.input<tf.Rank.R2>("weights", [users, interactions]);
    const others = recorder.input<tf.Rank.R2>("excluded", [users, excluded], "int32");
    const batch: InteractionBatch = {
      userCount: users,
      itemCount,
      users: recorder.input<tf.Rank.R1>(userInput, [users], "int32"),
      rows: recorder.rowIndices(weights),
      items: tf.reshape(items, [-1]),
      weights: tf.reshape(weights, [-1]),
      ...(profileWidth === undefined
        ? {}
        : { profiles: recorder.input<tf.Rank.R2>("profiles", [users, profileWidth]) }),
    };
    const random = RandomGenerator.fromSeed(0);
    const context = createForwardContext({ training: false, random, step: 0, epoch: 0 });
    const scores = recommender.scores(batch, context);
    const known = { rows: batch.rows, items: batch.items, isHidden: tf.greater(batch.weights, 0) };
    const unwanted = {
      rows: recorder.rowIndices(others),
      items: tf.reshape<tf.Rank.R1>(tf.minimum(others, tf.scalar(itemCount - 1, "int32")), [-1]),
      isHidden: tf.reshape<tf.Rank.R1>(tf.less(others, tf.scalar(itemCount, "int32")), [-1]),
    };
    const top = recorder.topK(hide(hide(scores, known), unwanted), "count");
    return { scores, top_items: top.indices, top_scores: top.values };
  });
}

/** Scores that are −∞ where an item is hidden from a row. */
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
