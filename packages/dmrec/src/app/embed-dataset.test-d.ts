import type { SplitDataset } from "@dmrec/core";
import type { TfIdfEncoder } from "@dmrec/encoders";
import type { EmbeddingModel } from "ai";
import { expectTypeOf } from "vitest";
import { type EmbeddedDataset, embedDataset } from "./embed-dataset";

declare const data: SplitDataset;
declare const model: Exclude<EmbeddingModel, string>;

// Without a model the encoder is TF-IDF, which can be saved; with one it is the model.
expectTypeOf(embedDataset(data)).resolves.toEqualTypeOf<EmbeddedDataset<TfIdfEncoder>>();
expectTypeOf(embedDataset(data, { missing: "mean" })).resolves.toEqualTypeOf<EmbeddedDataset<TfIdfEncoder>>();
expectTypeOf(embedDataset(data, { model })).resolves.toEqualTypeOf<EmbeddedDataset<typeof model>>();
// @ts-expect-error A model is an embedding model.
embedDataset(data, { model: 3 });
