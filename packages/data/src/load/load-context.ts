import type { ProfileEmbeddings } from "@dmrec/core";
import type { SplitParts } from "../interactions/split-interactions";
import type { DatasetFiles } from "./discover/discover-files";
import type { LoadSettings } from "./load-options";
import type { FolderReport } from "./report/folder-report";

/** The files, embeddings and settings that interactions are loaded with. */
export interface LoadContext {
  readonly files: DatasetFiles;
  /** They decide the indices of users and items if no list of identifiers does. */
  readonly embeddings: ProfileEmbeddings | undefined;
  readonly settings: LoadSettings;
  readonly report: FolderReport;
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
