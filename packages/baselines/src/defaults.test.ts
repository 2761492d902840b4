import type { Recommender } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { documentedDefaults } from "../../../testing/documented-defaults";
import { alphaRec } from "./alpha-rec";
import { easeR } from "./ease-r";
import { itemKnn } from "./item-knn";
import { kar } from "./kar";
import { lightGcn } from "./light-gcn";
import { llmRec } from "./llm-rec";
import { matrixFactorization } from "./matrix-factorization";
import { proEx } from "./pro-ex";
import { proMax } from "./pro-max";
import { rlmRecContrastive } from "./rlmrec-contrastive";
import { rlmRecGenerative } from "./rlmrec-generative";
import { embeddings, interactions } from "./testing/small-data";

const defaultsOf = (file: string) => documentedDefaults(new URL(file, import.meta.url));
const texts = { interactions, profileEmbeddings: embeddings() };

const models: Readonly<Record<string, () => Recommender>> = {
  "alpha-rec.ts": () => alphaRec(texts),
  "ease-r.ts": () => easeR({ interactions }),
  "item-knn.ts": () => itemKnn({ interactions }),
  "kar.ts": () => kar(texts),
  "light-gcn.ts": () => lightGcn({ interactions }),
  "llm-rec.ts": () => llmRec(texts),
  "matrix-factorization.ts": () => matrixFactorization({ userCount: 3, itemCount: 5 }),
  "pro-ex.ts": () => proEx(texts),
  "pro-max.ts": () => proMax(texts),
  "rlmrec-contrastive.ts": () => rlmRecContrastive(texts),
  "rlmrec-generative.ts": () => rlmRecGenerative(texts),
};

describe.each(Object.entries(models))("the options of %s", (file, make) => {
  const { configuration } = make();

  it("have the defaults that their comments state", () => {
    const own = defaultsOf(file);
    expect(Object.keys(own).length).toBeGreaterThan(0);
    expect(configuration).toMatchObject(own);
    const shared = Object.entries(defaultsOf("light-gcn.ts"));
    for (const [name, value] of shared)
      if (name in configuration && !(name in own)) expect(configuration[name], name).toBe(value);
  });
});
