import type { ServedRecommender, ServingAudience } from "@dmrec/serving";

/** A model to serve, with what is known of its users and texts. The service closes the recommender. */
export interface ServiceModel {
  readonly recommender: ServedRecommender;
  /** Finds a user by identifier: their interactions and their profile. Without it only interactions and texts are answered. */
  findUser?(userId: string): KnownUser | undefined;
  /** The embedding of a text, by the encoder of the training data. Without it texts are refused. */
  embedText?(text: string): Promise<Float32Array>;
  /** A folder of files, such as one of `writePage` of `@dmrec/web`, which GET answers with: `/` is its `index.html`. */
  readonly page?: string;
}

/** A user of the data, as the recommender takes them. */
export interface KnownUser {
  readonly audience: ServingAudience;
  /** Identifiers of further items to leave out. @default [] */
  readonly exclude?: readonly string[];
}
