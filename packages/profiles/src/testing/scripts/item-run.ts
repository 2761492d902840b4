// Makes profiles of so many items: URL FOLDER COUNT CONCURRENCY [MAXIMUM_COST]. The key is in LOCAL_API_KEY.
import { generateItemProfiles } from "../../generate-item-profiles";
import { describeProgress, describeReport } from "../../run/profile-report";
import { openProfileStore } from "../../store/profile-store";
import { modelAt } from "../openai-server";

const [url, folder, count, concurrency, maxCost] = process.argv.slice(2);
const store = await openProfileStore(folder);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
console.log("started");
try {
  const { report } = await generateItemProfiles({
    model: modelAt(url, process.env.LOCAL_API_KEY),
    store,
    items: Array.from({ length: Number(count) }, (_, index) => ({ title: `Book ${index}` })),
    maxParallelCalls: Number(concurrency),
    retryDelay: 0.005,
    ...(maxCost === undefined
      ? {}
      : { prices: { inputPerMillion: 1000, outputPerMillion: 4000 }, maxCost: Number(maxCost) }),
    abortSignal: stop.signal,
    onProgress: (progress) => console.log(describeProgress(progress)),
  });
  console.log(describeReport(report));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await store.close();
}
