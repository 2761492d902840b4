import { createTrainer, createVariant, loadDataset, publishedSettings } from "dmrec";
import type { AccuracyResult, AccuracyTask, WorkerMessage } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";

const secondsBetweenReports = 20;

const tell = (message: WorkerMessage) =>
  new Promise<void>((done) => {
    if (process.connected) process.send?.(message, () => done());
    else done();
  });

// However often: it is the command that ends this process at once. Without the command, which may have been killed, a run
// would go on for an hour.
const controller = new AbortController();
const stop = () => controller.abort();
process.on("SIGINT", stop).on("SIGTERM", stop).on("disconnect", stop);

process.once("message", async (task: AccuracyTask) => {
  try {
    const result = await run(task);
    await tell(result ? { kind: "result", result } : { kind: "stopped" });
  } catch (error) {
    await tell({ kind: "failure", message: error instanceof Error ? error.message : String(error) });
  }
  process.exit();
});

/** The result, or undefined where the run was stopped. */
async function run(task: AccuracyTask): Promise<AccuracyResult | undefined> {
  const { label, folder, embeddings, model, seed, epochs, beta, part, threads, directory } = task;
  const { base, settings, options, training } = task.base;
  const data = await withEmbeddings(await loadDataset(folder, { onWarning: () => {} }), embeddings);
  const trainer = await createTrainer({
    ...publishedSettings(base, model, settings).training,
    ...training,
    seed,
    epochs,
    threads,
  });
  const recommender = createVariant(model, data, {
    base,
    settings,
    seed,
    ...(beta === undefined ? {} : { beta }),
    ...(options === undefined ? {} : { baseOptions: options }),
  });
  // The first epoch is told at once: of a run that goes on it shows where.
  let reported = Number.NEGATIVE_INFINITY;
  let engine = `, on ${trainer.engine.backend}`;
  let best = "";
  const result = await trainer.fit(recommender, data, {
    directory,
    signal: controller.signal,
    callbacks: [
      {
        onEvaluation({ epoch, metrics, best: isBest }) {
          if (isBest) best = `, best recall@20 ${metrics["recall@20"].toFixed(4)} at epoch ${epoch}`;
        },
        async onEpochEnd({ epoch, losses, seconds }) {
          if (performance.now() - reported < secondsBetweenReports * 1000) return;
          reported = performance.now();
          const text = `${label}: epoch ${epoch}, loss ${losses.total.toFixed(3)}, ${seconds.toFixed(2)} s an epoch${best}${engine}`;
          engine = "";
          await tell({ kind: "progress", text });
        },
      },
    ],
  });
  if (result.stopped === "interrupted") {
    await tell({ kind: "progress", text: `${label}: stopped in epoch ${result.epochs + 1}, saved` });
    return undefined;
  }
  const metrics =
    part === "validation" ? result.bestMetrics : (await trainer.evaluate(recommender, data)).metrics;
  return {
    base,
    model,
    seed,
    "recall@20": metrics["recall@20"],
    "ndcg@20": metrics["ndcg@20"],
    epochs: result.epochs,
    bestEpoch: result.bestEpoch,
    secondsPerEpoch: result.secondsPerEpoch,
  };
}
