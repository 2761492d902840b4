import * as tf from "@tensorflow/tfjs-core";
import { exportTestModel, type TestModel } from "./export-test-model";

const itemCount = 30;
const profileWidth = 4;
const userCount = 3;

/** `[rows, columns]` of numbers that look random and are the same in every run. */
function table(rows: number, columns: number, seed: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, at) => Math.sin(seed + at * at * 0.7 + at));
}

/** Items, users and weights of the models of the tests. */
export const catalogue = {
  itemIds: Array.from({ length: itemCount }, (_, item) => `item-${item}`),
  itemNames: Array.from({ length: itemCount }, (_, item) => (item === 3 ? "" : `Item ${item}`)),
  userIds: ["ann", "ben", "cleo"],
  itemCount,
  profileWidth,
  /** `[items, items]` */
  itemScores: table(itemCount, itemCount, 1),
  /** `[width, items]` */
  profileScores: table(profileWidth, itemCount, 2),
  /** `[users, items]` */
  userScores: table(userCount, itemCount, 3),
};

const { itemIds, itemNames, userIds } = catalogue;
const weightTensors = () => ({
  itemScores: tf.tensor2d(catalogue.itemScores, [itemCount, itemCount]),
  profileScores: tf.tensor2d(catalogue.profileScores, [profileWidth, itemCount]),
  userScores: tf.tensor2d(catalogue.userScores, [userCount, itemCount]),
});

/** A model that reads interactions only. */
export function interactionsModel(metadata?: Record<string, string>): Uint8Array {
  return withWeights(
    ({ itemScores }) => ({
      name: "interactions-model",
      reads: { interactions: true, profile: false, userIndex: false },
      itemIds,
      itemScores,
    }),
    metadata,
  );
}

/** A model that reads interactions and profiles. */
export function profileModel(metadata?: Record<string, string>): Uint8Array {
  return withWeights(
    ({ itemScores, profileScores }) => ({
      name: "profile-model",
      reads: { interactions: true, profile: true, userIndex: false },
      itemIds,
      itemNames,
      itemScores,
      profileScores,
    }),
    metadata,
  );
}

/** A model that has a row of scores for each user. */
export function tableModel(metadata?: Record<string, string>): Uint8Array {
  return withWeights(
    ({ userScores }) => ({
      name: "table-model",
      reads: { interactions: false, profile: false, userIndex: true },
      itemIds,
      userIds,
      userScores,
    }),
    metadata,
  );
}

function withWeights(
  model: (weights: ReturnType<typeof weightTensors>) => TestModel,
  metadata?: Record<string, string>,
): Uint8Array {
  const weights = weightTensors();
  const bytes = exportTestModel(model(weights), metadata);
  tf.dispose(weights);
  return bytes;
}
