// The whole path: item texts → profiles → embeddings → training → recommendations, to somebody known by a text alone.
//
// Offline by default: a generated catalogue (or, where DMREC_DATA_DIR is given, the profiles of its folder lastfm), profiles
// by a template, embeddings by TF-IDF. With OPENAI_BASE_URL and OPENAI_API_KEY, embeddings by any service that speaks
// OpenAI's protocol (EMBEDDING_MODEL names its model).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  createRecommender,
  createTrainer,
  embedDataset,
  embedText,
  exportOnnx,
  itemName,
  loadDataset,
  mddm,
  multVae,
  openProfileStore,
  recommendFromText,
  type SplitDataset,
  syntheticCatalogue,
  templateItemProfile,
  templateUserProfiles,
  withMatching,
} from "dmrec";

// 1. Profiles: what is known about items and users, as texts.
const folder = process.env.DMREC_DATA_DIR ? join(process.env.DMREC_DATA_DIR, "lastfm") : "";
const isMusic = existsSync(folder);
const texts = isMusic
  ? await loadDataset(folder, { onWarning: () => {} })
  : withProfiles(syntheticCatalogue({ seed: 7 }));
console.log(`${texts.name}; for example: ${texts.itemProfiles?.[0]?.slice(0, 150)} …`);

// 2. Embeddings, kept in a store: what was paid for is not paid again.
const {
  OPENAI_BASE_URL: baseURL,
  OPENAI_API_KEY: apiKey,
  EMBEDDING_MODEL: name = "text-embedding-3-small",
} = process.env;
const store = await openProfileStore("profile-store");
const { data, encoder } = baseURL
  ? await embedDataset(texts, {
      model: createOpenAICompatible({
        name: "openai",
        baseURL,
        ...(apiKey ? { apiKey } : {}),
      }).embeddingModel(name),
      store,
      onProgress: ({ done, total }) => console.log(`embedded ${done} of ${total}`),
    })
  : await embedDataset(texts);
await store.close();

// 3. Training, with a share of users known by their profile alone, as somebody new will be.
const trainer = await createTrainer({
  seed: 7,
  epochs: Number(process.env.EPOCHS ?? (isMusic ? 150 : 60)),
  batchSize: 256,
});
const recommender = withMatching(
  multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 }),
  { language: data.language, strategy: mddm({ beta: 0.5 }), profileOnlyShare: 0.3 },
);
await trainer.fit(recommender, data);
const { metrics } = await trainer.evaluate(recommender, data);
console.log(`recall@20 ${metrics["recall@20"].toFixed(4)} on test`);

// 4. Recommendations from a text, by the trained model and by its exported file.
const text = isMusic
  ? "slow, melancholic electronic music with female vocals"
  : "a mystery among ships and islands, with storms and secrets";
console.log(`\n"${text}":`);
for (const { name, score } of await recommendFromText(text, {
  trainer,
  recommender,
  data,
  encoder,
  count: 5,
}))
  console.log(score.toFixed(2), name);

const itemNames = data.itemIds.map((_, item) => itemName(data, item));
await exportOnnx(recommender, "recommender.onnx", { ...data, itemNames });
recommender.dispose();
const served = await createRecommender("recommender.onnx");
console.log("\nBy the exported file, as the model ranks:");
for (const { name } of await served.recommend({ profileEmbedding: await embedText(encoder, text), k: 5 }))
  console.log(name);
await served.release();

/** Profiles by a template; with a language model, `generateItemProfiles` and `generateUserProfiles` write better ones. */
function withProfiles(catalogue: SplitDataset): SplitDataset {
  const { train, itemAttributes: items = [] } = catalogue;
  const textOf = (profile: ReturnType<typeof templateItemProfile>) =>
    profile.status === "ok" ? profile.summary : "";
  return {
    ...catalogue,
    itemProfiles: items.map((attributes) => textOf(templateItemProfile(attributes))),
    userProfiles: templateUserProfiles({ train, items }).map(textOf),
  };
}
