export { type PairBatches, type PairBatchesOptions, pairBatches } from "./batches/batch-pairs";
export { type BatchUsersOptions, batchUsers } from "./batches/batch-users";
export type { DataWarning, WarningHandler } from "./data-warning";
export { type DatasetDescription, describeDataset } from "./describe-dataset";
export { type DistinctEvents, distinctEvents } from "./duplicate-events";
export { fingerprint } from "./fingerprint";
export { readAdjacencyList } from "./formats/adjacency-list";
export { type ColumnNames, readDelimitedTable } from "./formats/delimited-table";
export type { IndexedInteractions } from "./formats/indexed-interactions";
export type { InteractionLog } from "./formats/interaction-log";
export { readJsonLines } from "./formats/json-lines";
export { readNpy, writeNpy } from "./formats/npy";
export { readPickledArray } from "./formats/pickled-array";
export { readPickledMatrix } from "./formats/pickled-matrix";
export { type PickledProfile, pickleProfiles, readPickledProfiles } from "./formats/pickled-profiles";
export {
  type ReadProfilesOptions,
  readProfiles,
  type WriteProfilesOptions,
  writeProfiles,
} from "./formats/profile-files";
export { readRecboleInteractions } from "./formats/recbole-atomic";
export { type ImplicitFeedback, toImplicit } from "./implicit-feedback";
export {
  asTrainingSplit,
  gatherRows,
  type InteractionEntries,
  interactionCount,
  interactionMatrix,
  itemPopularity,
  itemsOf,
  toEntries,
} from "./interaction-matrix";
export { itemName } from "./item-name";
export { kCore } from "./k-core";
export { readProfileEmbeddings, writeProfileEmbeddings } from "./language-files";
export { type LoadDatasetOptions, loadDataset } from "./load-dataset";
export { type SplitOptions, type SplitParts, type SplittableInteractions, splitInteractions } from "./split";
export { type SyntheticCatalogueOptions, syntheticCatalogue } from "./synthetic/synthetic-catalogue";
