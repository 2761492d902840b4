// Serves a queue of profiles until it is reported to end: REDIS_URL MODEL_URL CONCURRENCY LOCK [NAME].
import { startProfileWorker } from "../../make/queued/profile-worker";
import { modelAt } from "../openai-server";

const [url, modelUrl, concurrency, lock, name] = process.argv.slice(2);
const worker = await startProfileWorker({
  url,
  model: modelAt(modelUrl),
  maxParallelCalls: Number(concurrency),
  lock: Number(lock),
  ...(name === undefined ? {} : { name }),
  retryDelay: 0.005,
});
console.log("listening");
process.once("SIGTERM", () => worker.close());
