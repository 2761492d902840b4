import type { InteractionMatrix, TrainingInteractions } from "./interaction-matrix";
import type { ItemAttributes } from "./item-attributes";

/** A dense matrix of `[rowCount, columnCount]`, row after row. */
export interface DenseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly values: Float32Array;
}

/** What language models say about users and items: embeddings of their profiles, of one width (Zhang et al. 2025, eq. 5). */
export interface LanguageEmbeddings {
  /** `[users, width]` */
  readonly users: DenseMatrix;
  /** `[items, width]` */
  readonly items: DenseMatrix;
}

/** Interactions split into three parts over the same users and items, with what is known about them. */
export interface SplitDataset {
  /** Where the data came from, for people. */
  readonly name: string;
  readonly userCount: number;
  readonly itemCount: number;
  readonly train: TrainingInteractions;
  readonly validation: InteractionMatrix;
  readonly test: InteractionMatrix;
  /** The user's own identifier of each index; indices themselves where the data has none. */
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  /** Names to show to people. */
  readonly itemNames?: readonly string[];
  /** What profiles are written from, `[items]`. */
  readonly itemAttributes?: readonly ItemAttributes[];
  readonly userProfiles?: readonly string[];
  readonly itemProfiles?: readonly string[];
  readonly language?: LanguageEmbeddings;
}

/** A part of a dataset to evaluate on. */
export type HeldOutPart = "validation" | "test";
