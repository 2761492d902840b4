// The whole path: item texts → profiles → embeddings → training → recommendations to a cold-start user from a text.
//
// Offline by default: a synthetic catalogue (or, if DMREC_DATA_DIR is set, the profiles of its folder lastfm), profiles by a
// template, embeddings by TF-IDF. With OPENAI_API_KEY, OpenAI makes the catalogue's profiles and all embeddings; with
// OPENAI_BASE_URL, any service with its protocol does (CHAT_MODEL and EMBEDDING_MODEL name its models).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  describeProgress,
  describeReport,
  embedText,
  type ItemProfilesOptions,
  type Profile,
  type ProfileProgress,
  promptTemplates,
  templateItemProfiles,
  templateUserProfiles,
} from "@dmrec/profiles";
import {
  createTrainer,
  embedDataset,
  generateItemProfiles,
  generateUserProfiles,
  loadDataset,
  loadRecommender,
  mddm,
  multVae,
  openProfileStore,
  recommendFromText,
  type SplitDataset,
  syntheticCatalogue,
  withMatching,
} from "dmrec";

// The service, if there is one, and the store, which keeps every paid result.
const {
  OPENAI_API_KEY: apiKey = "",
  OPENAI_BASE_URL: baseURL = apiKey && "https://api.openai.com/v1",
  CHAT_MODEL: chatModel = "gpt-4.1-mini",
  EMBEDDING_MODEL: embeddingModel = "text-embedding-3-small",
} = process.env;
const service =
  baseURL === ""
    ? undefined
    : createOpenAICompatible({
        name: "openai",
        baseURL,
        supportsStructuredOutputs: true,
        ...(apiKey ? { apiKey } : {}),
      });
const store = await openProfileStore("profile-store");
console.log(
  service ? `With the service ${baseURL}` : "Offline: profiles by a template, embeddings by TF-IDF",
);

// 1. Profiles: texts about items and users.
const folder = process.env.DMREC_DATA_DIR ? join(process.env.DMREC_DATA_DIR, "lastfm") : "";
const isMusic = existsSync(folder);
const texts = isMusic
  ? await loadDataset(folder, { onWarning: () => {} })
  : // Fewer profiles if each is a call that costs.
    await withProfiles(syntheticCatalogue(service ? { seed: 7, users: 100, items: 60 } : { seed: 7 }));
console.log(`${texts.name}; for example: ${texts.itemProfiles?.[0]?.slice(0, 150)} …`);

// 2. Embeddings.
const { data, encoder, report } = await embedDataset(texts, {
  store,
  ...(service ? { model: service.embeddingModel(embeddingModel) } : {}),
});
await store.close();
console.log(
  `${report.missingUsers} users and ${report.missingItems} items have no profile, so they have zero vectors`,
);

// 3. Training. The interactions of a share of users are hidden in each step, as a cold-start user has none.
const trainer = await createTrainer({
  seed: 7,
  epochs: Number(process.env.EPOCHS ?? (isMusic ? 150 : 60)),
  batchSize: 256,
});
const recommender = withMatching(
  multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 }),
  { profileEmbeddings: data.profileEmbeddings, strategy: mddm({ beta: 0.5 }), coldStartRate: 0.3 },
);
await using model = await trainer.fit(recommender, data, {
  callbacks: [
    {
      onEvaluation: ({ epoch, metrics }) => {
        if (epoch % 30 === 0) console.log(`epoch ${epoch}: recall@20 ${metrics["recall@20"].toFixed(4)}`);
      },
    },
  ],
});
const { metrics } = await model.evaluate(data);
console.log(`recall@20 ${metrics["recall@20"].toFixed(4)} on test`);

// 4. Recommendations from a text, by the trained model and by its exported file.
const text = isMusic
  ? "slow, melancholic electronic music with female vocals"
  : "a mystery among ships and islands, with storms and secrets";
console.log(`\n"${text}":`);
for (const { name, score } of await recommendFromText(text, { model, encoder, count: 5 }))
  console.log(score.toFixed(2), name);

await model.export("recommender.onnx");
await using served = await loadRecommender("recommender.onnx");
console.log("\nFrom the exported file, ranked by the model:");
for (const { name } of await served.recommend({ profileEmbedding: await embedText(encoder, text), count: 5 }))
  console.log(name);

/** Profiles by the service's language model, or by a template. */
async function withProfiles(catalogue: SplitDataset): Promise<SplitDataset> {
  const { train, itemAttributes: items = [], itemIds, userIds } = catalogue;
  const [ofItems, ofUsers] = service
    ? await profilesByModel(service.chatModel(chatModel))
    : [templateItemProfiles(items), templateUserProfiles({ train, items })];
  const textOf = (profile: Profile | undefined) => (profile?.status === "ok" ? profile.summary : "");
  return { ...catalogue, itemProfiles: ofItems.map(textOf), userProfiles: ofUsers.map(textOf) };

  async function profilesByModel(model: ItemProfilesOptions["model"]) {
    const onProgress = (progress: ProfileProgress) => {
      if (progress.done % 20 === 0) console.log(describeProgress(progress));
    };
    const run = { model, store, template: promptTemplates.books, onProgress };
    const { profiles: itemProfiles, report } = await generateItemProfiles({ ...run, items, itemIds });
    console.log(describeReport(report));
    const made = await generateUserProfiles({ ...run, train, items, itemProfiles, userIds });
    console.log(describeReport(made.report));
    return [itemProfiles, made.profiles] as const;
  }
}
