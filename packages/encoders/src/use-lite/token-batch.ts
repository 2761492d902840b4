/** The most tokens of a text that the model reads. It drops those beyond. */
export const maximumTokens = 128;

/** The width of the embeddings. */
export const embeddingWidth = 512;

/** The names of the ONNX model's inputs and output. */
export const tensorNames = { tokens: "tokens", isToken: "is_token", embeddings: "embeddings" } as const;
