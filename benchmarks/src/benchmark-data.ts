import { loadUseLiteEncoder } from "@dmrec/encoders";
import { embedDataset, type SplitDataset } from "dmrec";
import type { EmbeddingSource } from "./accuracy-task";

/** Returns the data with the requested embeddings. */
export async function withEmbeddings(data: SplitDataset, source: EmbeddingSource): Promise<SplitDataset> {
  if (source === "given") return data;
  if (source === "default") return (await embedDataset(data)).data;
  await using encoder = await loadUseLiteEncoder();
  return (await embedDataset(data, { model: encoder })).data;
}
