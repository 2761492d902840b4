// Serves a queue of profiles until it is told to end: REDIS_URL MODEL_URL CONCURRENCY LOCK.
import { startProfileWorker } from "../../queue/profile-worker";
import { modelAt } from "../openai-server";

const [url, modelUrl, concurrency, lock] = process.argv.slice(2);
const worker = await startProfileWorker({
  url,
  model: modelAt(modelUrl),
  concurrency: Number(concurrency),
  lock: Number(lock),
  retryDelay: 0.005,
});
console.log("listening");
process.once("SIGTERM", () => worker.close());
