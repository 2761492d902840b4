// Embeds so many texts, five a call: URL FOLDER COUNT CONCURRENCY.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedProfiles } from "../../embed/embed-profiles";
import { openProfileStore } from "../../store/profile-store";

const [url, folder, count, concurrency] = process.argv.slice(2);
const store = await openProfileStore(folder);
await embedProfiles({
  model: createOpenAICompatible({ name: "local", baseURL: url }).embeddingModel("test"),
  store,
  profiles: Array.from({ length: Number(count) }, (_, index) => `text ${index}`),
  maxValuesPerCall: 5,
  maxParallelCalls: Number(concurrency),
  onProgress: ({ done, total }) => console.log(`${done}/${total}`),
});
await store.close();
