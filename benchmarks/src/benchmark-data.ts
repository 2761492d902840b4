import { loadDataset } from "@dmrec/data";
import { loadUseLiteEncoder } from "@dmrec/encoders";
import { embedDataset, type SplitDataset } from "dmrec";
import type { EmbeddingSource } from "./accuracy-task";

/** Reads a folder of data. Warns in plain lines, as `dmrec` does. */
export function readFolder(folder: string): Promise<SplitDataset> {
  return loadDataset(folder, { onWarning: (message) => console.error(`Warning: ${message}`) });
}

/** Returns the data with the requested embeddings. */
export async function withEmbeddings(data: SplitDataset, source: EmbeddingSource): Promise<SplitDataset> {
  if (source === "given") return data;
  if (source === "default") return (await embedDataset(data)).data;
  await using encoder = await loadUseLiteEncoder();
  return (await embedDataset(data, { model: encoder })).data;
}
