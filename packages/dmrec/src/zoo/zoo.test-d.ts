import type { CvgaOptions, LDiffRecOptions } from "@dmrec/base-models";
import type { Recommender, SplitDataset, VariationalRecommender } from "@dmrec/core";
import { expectTypeOf } from "vitest";
import { createModel, defaultZoo, publishedSettings } from "./default-zoo";
import type { BaselineRow } from "./model-row";
import type { ModelZoo } from "./model-zoo";

declare const data: SplitDataset;

// The names of models and base models are literal.
expectTypeOf(createModel("mddm", data)).toEqualTypeOf<Recommender>();
// @ts-expect-error No model has this name.
createModel("mdm", data);
// @ts-expect-error No base model has this name.
createModel("mddm", data, { base: "mult-vea" });

// Own options belong to the base model that is named, or to the first one.
createModel("mddm", data, { base: "cvga", ownOptions: { layers: 2 } });
createModel("mddm", data, { ownOptions: { inputScaling: "unit-length" } });
// @ts-expect-error Mult-VAE has no layers.
createModel("mddm", data, { ownOptions: { layers: 2 } });
// @ts-expect-error CVGA has no schedule.
createModel("mddm", data, { base: "cvga", ownOptions: { schedule: "cosine" } });

expectTypeOf(defaultZoo.createBaseModel("cvga", data, {})).toEqualTypeOf<VariationalRecommender>();
expectTypeOf<Parameters<typeof defaultZoo.createBaseModel<"cvga">>[2]>().toEqualTypeOf<
  Omit<CvgaOptions, "interactions">
>();
expectTypeOf(publishedSettings("l-diffrec").options).toEqualTypeOf<Omit<LDiffRecOptions, "interactions">>();

// A zoo with further rows knows their names and options, and passes for a zoo of any rows.
declare const row: BaselineRow<"random", { readonly scale?: number }>;
const zoo = defaultZoo.with({ baselines: [row] });
expectTypeOf(zoo.baselineNames).toEqualTypeOf<
  readonly (
    | "popularity"
    | "item-knn"
    | "ease-r"
    | "matrix-factorization"
    | "light-gcn"
    | "rlmrec-contrastive"
    | "rlmrec-generative"
    | "alpha-rec"
    | "alpha-rec-user"
    | "kar"
    | "llm-rec"
    | "pro-ex"
    | "pro-max"
    | "random"
  )[]
>();
zoo.createModel("random", data, { ownOptions: { scale: 2 } });
// @ts-expect-error The baseline has no such option.
zoo.createModel("random", data, { ownOptions: { width: 2 } });
expectTypeOf(zoo).toExtend<ModelZoo>();
