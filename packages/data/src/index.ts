export { type BatchUsersOptions, batchUsers } from "./batches/batch-users";
export { gatherRows } from "./batches/gather-rows";
export { type ItemSampler, itemSampler } from "./batches/item-sampler";
export { type PairBatches, type PairBatchesOptions, pairBatches } from "./batches/pair-batches";
export { type DatasetDescription, describeDataset } from "./dataset/describe-dataset";
export { fingerprint } from "./dataset/fingerprint";
export { itemName } from "./dataset/item-name";
export { readProfileEmbeddings, writeProfileEmbeddings } from "./formats/embedding-files";
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
export type { ColumnNames } from "./formats/table/column-names";
export type { InvalidLineHandler } from "./formats/table/table";
export { readAdjacencyList } from "./formats/text/adjacency-list";
export { type DelimitedTableOptions, readDelimitedTable } from "./formats/text/delimited-table";
export { type JsonLinesOptions, readJsonLines } from "./formats/text/json-lines";
export { readRecboleInteractions } from "./formats/text/recbole-atomic";
export { type DistinctEvents, distinctEvents } from "./interactions/distinct-events";
export type { InteractionEntries } from "./interactions/interaction-entries";
export type { InteractionLog } from "./interactions/interaction-log";
export {
  asTrainingSplit,
  interactionCount,
  interactionMatrix,
  itemsOf,
  toEntries,
} from "./interactions/interaction-matrix";
export { kCore } from "./interactions/k-core";
export { type SplitOptions, type SplitParts, splitInteractions } from "./interactions/split-interactions";
export { type ImplicitFeedback, toImplicit } from "./interactions/to-implicit";
export type { DataWarning } from "./load/data-warning";
export { loadDataset } from "./load/load-dataset";
export { type LoadedFolder, loadFolder } from "./load/load-folder";
export type { LoadDatasetOptions, TableColumns } from "./load/load-options";
export { loadSql, type SqlSources } from "./load/load-sql";
export type { FileRecord } from "./load/report/file-record";
export { type SyntheticCatalogueOptions, syntheticCatalogue } from "./synthetic/synthetic-catalogue";
