export { LocalEncoder, type LocalEncoderOptions, loadLocalEncoder } from "./local/local-encoder";
export { ownProvider } from "./own-provider";
export { loadTfIdfEncoder, saveTfIdfEncoder } from "./tf-idf/encoder-file";
export { parseTfIdfEncoder, serializeTfIdfEncoder } from "./tf-idf/encoder-format";
export { fitTfIdfEncoder, TfIdfEncoder, type TfIdfOptions } from "./tf-idf/tf-idf-encoder";
export { loadUseLiteEncoder, UseLiteEncoder, type UseLiteOptions } from "./use-lite/use-lite-encoder";
