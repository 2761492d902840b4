import type { ItemColumns } from "../item-columns";
import type { DenseMatrix } from "./dense-matrix";
import type { InteractionMatrix, TrainingInteractions } from "./interactions";
import type { ItemAttributes } from "./item-attributes";

/** Embeddings of the profiles of users and items, of one width (Zhang et al. 2025, eq. 5). */
export interface ProfileEmbeddings {
  /** `[users, width]` */
  readonly users: DenseMatrix;
  /** `[items, width]` */
  readonly items: DenseMatrix;
}

/** Interactions split into three parts over the same users and items, and descriptions of both. */
export interface SplitDataset {
  /** The source of the data, for people. */
  readonly name: string;
  readonly userCount: number;
  readonly itemCount: number;
  readonly train: TrainingInteractions;
  readonly validation: InteractionMatrix;
  readonly test: InteractionMatrix;
  /** The data's own identifier of each index; the index itself if the data has none. */
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  /** Names to show to people. */
  readonly itemNames?: readonly string[];
  /** The attributes that profiles are written from, `[items]`. */
  readonly itemAttributes?: readonly ItemAttributes[];
  /** The columns of the table of items by name, that recommendations are filtered by. */
  readonly itemColumns?: ItemColumns;
  /** The texts about users in a table, for their profiles; empty for a user that it does not describe. */
  readonly userTexts?: readonly string[];
  readonly userProfiles?: readonly string[];
  readonly itemProfiles?: readonly string[];
  readonly profileEmbeddings?: ProfileEmbeddings;
}

/** A part of a dataset to evaluate on. */
export type HeldOutPart = "validation" | "test";
