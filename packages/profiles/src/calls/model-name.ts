import type { EmbeddingModel, LanguageModel } from "ai";

/** The provider and name of a model, as in keys and records. */
export function modelName(model: LanguageModel | EmbeddingModel): string {
  return typeof model === "string" ? model : `${model.provider}/${model.modelId}`;
}
