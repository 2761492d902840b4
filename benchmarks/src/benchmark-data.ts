import { embedDataset, type SplitDataset } from "dmrec";
import type { EmbeddingSource } from "./accuracy-task";

/** The data with the embeddings asked for. */
export async function withEmbeddings(data: SplitDataset, source: EmbeddingSource): Promise<SplitDataset> {
  return source === "given" ? data : (await embedDataset(data)).data;
}
