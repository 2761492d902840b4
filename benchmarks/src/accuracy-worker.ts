import { causeMessage } from "@dmrec/core";
import { loadDataset } from "@dmrec/data";
import { automatic, createTrainer } from "@dmrec/trainer";
import type { AccuracyResult, AccuracyTask, WorkerMessage } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";
import { experimentsZoo as zoo } from "./experiments/experiments-zoo";
import { recordRun } from "./experiments/record-run";
import { shuffleProfiles } from "./experiments/shuffle-profiles";

const secondsBetweenReports = 20;

const send = (message: WorkerMessage) =>
  new Promise<void>((done) => {
    if (process.connected) process.send?.(message, () => done());
    else done();
  });

// Repeated signals change nothing: the command ends this process. If the command was killed, the run stops, too, because it
// would otherwise train for an hour without a parent.
const controller = new AbortController();
const stop = () => controller.abort();
process.on("SIGINT", stop).on("SIGTERM", stop).on("disconnect", stop);

process.once("message", async (task: AccuracyTask) => {
  try {
    const result = await run(task);
    await send(result ? { kind: "result", result } : { kind: "stopped" });
  } catch (error) {
    await send({ kind: "failure", message: causeMessage(error) });
  }
  process.exit();
});

/** The result, or undefined if the run was stopped. */
async function run(task: AccuracyTask): Promise<AccuracyResult | undefined> {
  const { label, folder, embeddings, seed, epochs, part, threads, directory, shuffledProfiles = 0 } = task;
  const { name, training, ...options } = task.model;
  const loaded = await withEmbeddings(await loadDataset(folder, { onWarning: () => {} }), embeddings);
  const data = shuffledProfiles === 0 ? loaded : shuffleProfiles(loaded, shuffledProfiles, seed);
  const model = zoo.resolve(name, data, { ...options, seed });
  const trainer = await createTrainer({
    ...model.training,
    ...training,
    seed,
    epochs,
    engine: automatic({ threads }),
  });
  await using open = await trainer.open(zoo.make(model, data));
  // The first epoch is reported immediately: for a continued run it shows the epoch it continues from.
  let reported = Number.NEGATIVE_INFINITY;
  let engine = `, on ${open.engine.backend}`;
  let best = "";
  const result = await open.fit(data, {
    directory,
    abortSignal: controller.signal,
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
          await send({ kind: "progress", text });
        },
      },
    ],
  });
  if (result.stopped === "interrupted") {
    await send({ kind: "progress", text: `${label}: stopped in epoch ${result.epochs + 1}, saved` });
    return undefined;
  }
  const testMetrics = async () =>
    task.record === undefined
      ? (await open.evaluate(data)).metrics
      : recordRun(task.record, { task, trainer, open, data, result });
  const metrics = part === "validation" ? result.bestMetrics : await testMetrics();
  return {
    ...(model.base === undefined ? {} : { base: model.base }),
    model: name,
    seed,
    "recall@20": metrics["recall@20"],
    "ndcg@20": metrics["ndcg@20"],
    epochs: result.epochs,
    bestEpoch: result.bestEpoch,
    secondsPerEpoch: result.secondsPerEpoch,
  };
}
