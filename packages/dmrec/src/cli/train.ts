import { createTrainer } from "@dmrec/trainer";
import type { ModelZoo } from "../zoo/model-zoo";
import { comparisonData } from "./comparison-data";
import { describeData } from "./comparison-output";
import { engineChoice } from "./engine-flags";
import { Interrupted, interruptionSignal } from "./interruption";
import { printer, printJson } from "./print";
import { clearProgress, progressReporter } from "./progress-reporter";
import { claimRun } from "./run/claim-run";
import { holdDirectory } from "./run/hold-directory";
import { keepEmbeddings, keepEncoder, keptPlace } from "./run/kept-encoder";
import { metricsLog, writeMetrics } from "./run/metrics-log";
import { planRun } from "./run/plan-run";
import { runFiles } from "./run/run-record";
import type { TrainFlags } from "./train-flags";
import { type FlagSource, refuseUnreadFlags } from "./unread-flags";

const owner = "dmrec train";

/** `dmrec train`: trains one model on a dataset in a directory, from where the last call stopped. */
export async function train(flags: TrainFlags, zoo: ModelZoo, sourceOf: FlagSource): Promise<void> {
  const print = printer(flags);
  const engine = engineChoice(flags, owner);
  const made = await comparisonData(flags, print);
  const { data } = made;
  print(`Data: ${data.name}\n${describeData(data)}`);
  const record = { ...planRun(flags, data, zoo, owner), ...keptPlace(made, ".") };
  const { model: planned, training } = record;
  refuseUnreadFlags(flags, [planned], { zoo, owner, sourceOf });
  const directory = flags.out;
  const files = runFiles(directory);
  await using _held = await holdDirectory(directory, { owner, flag: "--out" });
  await claimRun(directory, record, flags.fresh);
  await keepEncoder(made, directory);
  await keepEmbeddings(made, directory);
  const trainer = await createTrainer({ ...training, ...planned.training, engine });
  const recommender = zoo.make(planned, data);
  const { name: engineName, backend, reason } = trainer.engine;
  print(`Model: ${recommender.name} (${planned.source})\nEngine: ${engineName} on ${backend} (${reason})`);
  const { monitor } = training.evaluation;
  const interruption = interruptionSignal((message) => console.error(`\n${message}`));
  try {
    await using model = await trainer.fit(recommender, data, {
      directory,
      abortSignal: interruption.abortSignal,
      resume: flags.fresh ? "never" : "if-present",
      callbacks: [progressReporter(recommender.name, monitor), metricsLog(directory, flags.fresh)],
    });
    clearProgress();
    const { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch } = model.training;
    if (stopped === "interrupted")
      throw new Interrupted(
        `Stopped in epoch ${epochs + 1}. The same command continues from there (${directory}).`,
      );
    await model.save(files.weights);
    const { metrics } = await model.evaluate(data);
    await writeMetrics(directory, model.training, metrics);
    if (flags.json) {
      printJson({
        run: directory,
        model: recommender.name,
        stopped,
        epochs,
        bestEpoch,
        secondsPerEpoch,
        validation: bestMetrics,
        test: metrics,
      });
      return;
    }
    const start =
      epochs === 0
        ? `${recommender.name} needs no epochs:`
        : `Trained ${epochs} epochs; the best is ${bestEpoch}, with`;
    print(
      `${start} ${monitor} ${bestMetrics[monitor].toFixed(4)} on the validation part and ${metrics[monitor].toFixed(4)} on the test part.`,
    );
    print(
      `The run is in ${directory}. Next: dmrec evaluate ${directory}, or report, recommend, export, serve.`,
    );
  } finally {
    interruption.release();
  }
}
