export { type PairBatches, type PairBatchesOptions, pairBatches } from "./batches/batch-pairs";
export { type BatchUsersOptions, batchUsers } from "./batches/batch-users";
export { type DatasetDescription, describeDataset } from "./dataset/describe-dataset";
export { fingerprint } from "./dataset/fingerprint";
export { itemName } from "./dataset/item-name";
export type { IndexedInteractions } from "./formats/indexed-interactions";
export type { InteractionLog } from "./formats/interaction-log";
export { readNpy, writeNpy } from "./formats/numpy/npy";
export { readPickledArray } from "./formats/pickle/pickled-array";
export { readPickledMatrix } from "./formats/pickle/pickled-matrix";
export { type PickledProfile, pickleProfiles, readPickledProfiles } from "./formats/pickle/pickled-profiles";
export {
  type ReadProfilesOptions,
  readProfiles,
  type WriteProfilesOptions,
  writeProfiles,
} from "./formats/profile-files";
export { readAdjacencyList } from "./formats/text/adjacency-list";
export { type ColumnNames, readDelimitedTable } from "./formats/text/delimited-table";
export { readJsonLines } from "./formats/text/json-lines";
export { readRecboleInteractions } from "./formats/text/recbole-atomic";
export { type DistinctEvents, distinctEvents } from "./interactions/duplicate-events";
export { type ImplicitFeedback, toImplicit } from "./interactions/implicit-feedback";
export {
  asTrainingSplit,
  gatherRows,
  type InteractionEntries,
  interactionCount,
  interactionMatrix,
  itemPopularity,
  itemsOf,
  toEntries,
} from "./interactions/interaction-matrix";
export { kCore } from "./interactions/k-core";
export {
  type SplitOptions,
  type SplitParts,
  type SplittableInteractions,
  splitInteractions,
} from "./interactions/split";
export { readProfileEmbeddings, writeProfileEmbeddings } from "./load/attach/profile-embeddings-files";
export { type DataWarning, describeWarning, type WarningHandler } from "./load/data-warning";
export { type LoadDatasetOptions, loadDataset } from "./load/load-dataset";
export { type SyntheticCatalogueOptions, syntheticCatalogue } from "./synthetic/synthetic-catalogue";
