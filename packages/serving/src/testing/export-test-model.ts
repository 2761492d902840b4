import { exportModel, type Recorder, trace } from "@dmrec/compile";
import { exportedModel, type RecommenderInputs } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

const { inputs, outputs } = exportedModel;

export interface TestModel {
  readonly name: string;
  readonly reads: RecommenderInputs;
  readonly itemIds: readonly string[];
  readonly itemNames?: readonly string[];
  readonly userIds?: readonly string[];
  /** `[items, items]`: what each interaction adds to the scores. */
  readonly itemScores?: tf.Tensor2D;
  /** `[width, items]`: what each number of a profile embedding adds to the scores. */
  readonly profileScores?: tf.Tensor2D;
  /** `[users, items]`: the scores of each known user. */
  readonly userScores?: tf.Tensor2D;
}

interface Sizes {
  readonly users: number;
  readonly interactions: number;
  readonly excluded: number;
}

/** The bytes of a file in the format of exported recommenders, with linear scores that a test can compute itself. */
export function exportTestModel(model: TestModel, metadata: Record<string, string> = {}): Uint8Array {
  const { name, reads, itemIds, itemNames, userIds } = model;
  return exportModel(
    ["users", "interactions", "excluded"],
    (sizes: Sizes) => trace((recorder) => recommend(recorder, model, sizes)),
    {
      dimensions: { [outputs.topItems]: ["users", "count"], [outputs.topScores]: ["users", "count"] },
      metadata: {
        format: exportedModel.format,
        model: name,
        configuration: JSON.stringify({ name }),
        reads: JSON.stringify(reads),
        items: JSON.stringify({ ids: itemIds, ...(itemNames && { names: itemNames }) }),
        ...(userIds && { users: JSON.stringify({ ids: userIds }) }),
        ...metadata,
      },
    },
  );
}

function recommend(recorder: Recorder, model: TestModel, { users, interactions, excluded }: Sizes) {
  const items = recorder.input<tf.Rank.R2>(inputs.items, [users, interactions], "int32");
  const weights = recorder.input<tf.Rank.R2>(inputs.weights, [users, interactions]);
  const others = recorder.input<tf.Rank.R2>(inputs.excluded, [users, excluded], "int32");
  const itemCount = model.itemIds.length;
  const isOther = tf.less<tf.Tensor2D>(others, tf.scalar(itemCount, "int32"));
  const seen = dense(recorder, items, weights, itemCount);
  const unwanted = dense(
    recorder,
    tf.minimum<tf.Tensor2D>(others, tf.scalar(itemCount - 1, "int32")),
    tf.cast<tf.Tensor2D>(isOther, "float32"),
    itemCount,
  );

  const terms: tf.Tensor2D[] = [tf.zeros([1, itemCount])];
  if (model.itemScores) terms.push(tf.matMul(seen, model.itemScores));
  if (model.profileScores) {
    const width = model.profileScores.shape[0];
    const embeddings = recorder.input<tf.Rank.R2>(inputs.profileEmbeddings, [users, width]);
    terms.push(tf.matMul(embeddings, model.profileScores));
  }
  if (model.userScores) {
    const rows = recorder.input<tf.Rank.R1>(inputs.users, [users], "int32");
    terms.push(tf.gather(model.userScores, rows));
  }
  const scores = terms.reduce((sum, term) => tf.add(sum, term));
  const isHidden = tf.greater(tf.add(seen, unwanted), 0);
  const hidden = tf.where<tf.Tensor2D>(isHidden, tf.fill([1, itemCount], Number.NEGATIVE_INFINITY), scores);
  const top = recorder.topK(hidden, recorder.count(inputs.count));
  return { [outputs.scores]: scores, [outputs.topItems]: top.indices, [outputs.topScores]: top.values };
}

/** `[users, items]`, the values of each row at its items. */
function dense(recorder: Recorder, items: tf.Tensor2D, values: tf.Tensor2D, itemCount: number): tf.Tensor2D {
  const flat = tf.reshape<tf.Rank.R1>(items, [-1]);
  const places = tf.stack([recorder.rowIndices(values), flat], 1);
  return tf.scatterND(places, tf.reshape(values, [-1]), [values.shape[0], itemCount]);
}
