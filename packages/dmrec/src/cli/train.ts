import { resolve } from "node:path";
import { InvalidOptionsError, type SplitDataset } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { saveTfIdfEncoder } from "@dmrec/encoders";
import { createTrainer } from "@dmrec/trainer";
import { resolvePlan } from "../app/resolve-plan";
import type { ModelZoo } from "../zoo/model-zoo";
import { comparisonData, type DataFlags } from "./comparison-data";
import { describeData } from "./comparison-output";
import { engineChoice } from "./engine-flags";
import { Interrupted, interruptionSignal } from "./interruption";
import { printer, printJson } from "./print";
import { clearProgress, progressReporter } from "./progress-reporter";
import { claimRun } from "./run/claim-run";
import { type RunRecord, runFiles } from "./run/run-record";
import type { TrainFlags } from "./train-flags";

const owner = "dmrec train";

/** `dmrec train`: trains one model on a dataset in a directory, from where the last call stopped. */
export async function train(flags: TrainFlags, zoo: ModelZoo): Promise<void> {
  const print = printer(flags);
  const engine = engineChoice(flags, owner);
  const { data, encoder } = await comparisonData(flags, print);
  print(`Data: ${data.name}\n${describeData(data)}`);
  const record = planRun(flags, data, zoo);
  const { model: planned, training } = record;
  const directory = flags.out;
  const files = runFiles(directory);
  await claimRun(directory, record, flags.fresh);
  if (encoder) await saveTfIdfEncoder(encoder, files.encoder);
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
      callbacks: [progressReporter(recommender.name, monitor)],
    });
    clearProgress();
    const { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch } = model.training;
    if (stopped === "interrupted")
      throw new Interrupted(
        `Stopped in epoch ${epochs + 1}. The same command continues from there (${directory}).`,
      );
    await model.save(files.weights);
    const { metrics } = await model.evaluate(data);
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
    print(
      `Trained ${epochs} epochs; the best is ${bestEpoch}, with ${monitor} ${bestMetrics[monitor].toFixed(4)} on the validation part and ${metrics[monitor].toFixed(4)} on the test part.`,
    );
    print(`The run is in ${directory}. Next: dmrec evaluate ${directory}, or recommend, export, serve.`);
  } finally {
    interruption.release();
  }
}

/**
 * Everything that the run is made from.
 *
 * @throws InvalidOptionsError naming the flag.
 */
function planRun(flags: TrainFlags, data: SplitDataset, zoo: ModelZoo): RunRecord {
  const { base, beta } = flags;
  const isBaseline = zoo.baselineNames.includes(base);
  const matching = flags.matching ?? defaultMatching(data, zoo, isBaseline);
  if (isBaseline && matching !== "none") {
    const message = `applies to base models only; leave it out with --base ${base}`;
    throw new InvalidOptionsError(owner, [{ path: "--matching", message }]);
  }
  if (matching === "none" && beta !== undefined) {
    const message = "is the weight of a match; leave it out, or name a strategy with --matching";
    throw new InvalidOptionsError(owner, [{ path: "--beta", message }]);
  }
  const name = isBaseline ? base : matching === "none" ? "base" : matching;
  const planFlags = {
    ...flags,
    base: isBaseline ? zoo.baseNames[0] : base,
    models: [name],
    beta: beta === undefined ? {} : { [name]: beta },
  };
  const { models, training } = resolvePlan(planFlags, data, zoo, owner);
  const [model] = models;
  return { data: dataFlags(flags), dataSha256: fingerprint(data), model, training };
}

/** The strategy that won the paper's comparison, if the data and the zoo have what it needs. */
function defaultMatching({ profileEmbeddings }: SplitDataset, zoo: ModelZoo, isBaseline: boolean): string {
  const isThere = zoo.rows.strategies.some(({ name }) => name === "mddm");
  return profileEmbeddings && isThere && !isBaseline ? "mddm" : "none";
}

/** The flags that read the data: all that belong neither to the model nor to the command. */
function dataFlags(flags: TrainFlags): DataFlags {
  const { out, base, matching, beta, fresh, json, settings, klWeight, dropout, hidden, latent, ...more } =
    flags;
  const { coldStartRate, epochs, batchSize, learningRate, patience, monitor, ...others } = more;
  const { engine, threads, executionProvider, backend, data, ...reading } = others;
  return data === undefined ? reading : { ...reading, data: resolve(data) };
}
