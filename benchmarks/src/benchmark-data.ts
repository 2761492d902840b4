import { embedDataset, type SplitDataset } from "dmrec";
import type { EmbeddingSource } from "./accuracy-task";

/** Returns the data with the requested embeddings. */
export async function withEmbeddings(data: SplitDataset, source: EmbeddingSource): Promise<SplitDataset> {
  return source === "given" ? data : (await embedDataset(data)).data;
}
