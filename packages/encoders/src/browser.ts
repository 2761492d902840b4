export { parseTfIdfEncoder, serializeTfIdfEncoder } from "./tf-idf/encoder-format";
export { fitTfIdfEncoder, TfIdfEncoder, type TfIdfOptions } from "./tf-idf/tf-idf-encoder";
