import { loadDataset } from "@dmrec/data";
import { automatic, createTrainer } from "@dmrec/trainer";
import { answerTasks, type TaskWork } from "@dmrec/workers";
import { type AccuracyResult, type AccuracyTask, accuracyTaskSchema } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";
import { experimentsZoo as zoo } from "./experiments/experiments-zoo";
import { recordRun } from "./experiments/record-run";
import { shuffleProfiles } from "./experiments/shuffle-profiles";

const secondsBetweenReports = 20;

await answerTasks((task, control) => run(accuracyTaskSchema.parse(task), control));

/** The result, or undefined if the run was stopped. */
async function run(
  task: AccuracyTask,
  { abortSignal, report }: Parameters<TaskWork>[1],
): Promise<AccuracyResult | undefined> {
  const { folder, embeddings, seed, epochs, part, threads, directory, shuffledProfiles = 0 } = task;
  const { name, training, ...options } = task.model;
  const folderData = await withEmbeddings(await loadDataset(folder, { onWarning: () => {} }), embeddings);
  const data = shuffledProfiles === 0 ? folderData : shuffleProfiles(folderData, shuffledProfiles, seed);
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
    abortSignal,
    callbacks: [
      {
        onEvaluation({ epoch, metrics, best: isBest }) {
          if (isBest) best = `, best recall@20 ${metrics["recall@20"].toFixed(4)} at epoch ${epoch}`;
        },
        async onEpochEnd({ epoch, losses, seconds }) {
          if (performance.now() - reported < secondsBetweenReports * 1000) return;
          reported = performance.now();
          const text = `epoch ${epoch}, loss ${losses.total.toFixed(3)}, ${seconds.toFixed(2)} s an epoch${best}${engine}`;
          engine = "";
          await report(text);
        },
      },
    ],
  });
  if (result.stopped === "interrupted") {
    await report(`stopped in epoch ${result.epochs + 1}, saved`);
    return undefined;
  }
  const testMetrics = async () =>
    task.record === undefined
      ? (await open.evaluate(data)).metrics
      : recordRun(task.record, { task, trainer, open, data, folderData, result });
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
