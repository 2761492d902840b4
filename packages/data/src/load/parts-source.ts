import type { ColumnNames } from "../formats/text/delimited-table";
import type { SplitOptions, SplitParts } from "../interactions/split";
import type { ProfileEmbeddingsFiles } from "./attach/find-profile-embeddings";
import type { WarningHandler } from "./data-warning";
import type { FolderListing } from "./discover/find-file";

export interface ReadPartsOptions {
  readonly columns?: ColumnNames | undefined;
  readonly minimumRating?: number | undefined;
  readonly kCore: number;
  readonly split: SplitOptions;
  /** The share of the training part that becomes the validation part, where a folder has none. */
  readonly validationShare: number;
  readonly onWarning: WarningHandler;
}

/** What a folder's interactions are read with. */
export interface PartsSource {
  readonly listing: FolderListing;
  readonly language: ProfileEmbeddingsFiles | undefined;
  readonly options: ReadPartsOptions;
}

/** The identifier of each index. */
export interface Identifiers {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
}

/** The parts of a folder's interactions, with the identifiers of their indices. */
export interface IdentifiedParts extends SplitParts, Identifiers {
  /** The file of the training part, for messages. */
  readonly source: string;
}
