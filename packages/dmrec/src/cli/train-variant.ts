import { join } from "node:path";
import type { Recommender, SplitDataset, TrainingResult } from "@dmrec/core";
import { type ModelTrainer, saveWeights } from "@dmrec/trainer";
import type { VariantName } from "../variant-names";
import { Interrupted, interruptionSignal } from "./interruption";
import { progressReporter } from "./progress-reporter";
import type { ComparisonRow } from "./results-table";

export interface VariantRun {
  readonly trainer: ModelTrainer;
  readonly name: VariantName;
  readonly recommender: Recommender;
  readonly data: SplitDataset;
  /** Where its checkpoints, manifest and weights go. */
  readonly directory: string;
  /** Starts anew, whatever is in the directory. */
  readonly fresh: boolean;
}

/** What one model of a comparison came to. */
export interface VariantOutcome {
  readonly row: ComparisonRow;
  readonly training: TrainingResult;
}

/**
 * Trains one model of a comparison with progress, measures it on the test part and saves its weights.
 *
 * @throws Interrupted when Ctrl-C stopped it.
 */
export async function trainVariant({
  trainer,
  name,
  recommender,
  data,
  directory,
  fresh,
}: VariantRun): Promise<VariantOutcome> {
  const { signal, release } = interruptionSignal((message) => console.error(`\n${message}`));
  const progress = progressReporter(name, "recall@20");
  try {
    const training = await trainer.fit(recommender, data, {
      directory,
      signal,
      callbacks: [progress],
      resume: fresh ? "never" : "if-present",
    });
    progress.end();
    const { stopped, epochs, bestEpoch, secondsPerEpoch } = training;
    if (stopped === "interrupted") {
      throw new Interrupted(
        `Stopped in epoch ${epochs + 1} of ${name}. The same command goes on from there (${directory}).`,
      );
    }
    const { metrics } = await trainer.evaluate(recommender, data);
    await saveWeights(recommender, join(directory, "weights.safetensors"));
    const recall = metrics["recall@20"].toFixed(4);
    console.log(`${name}: recall@20 ${recall} on test, best epoch ${bestEpoch} of ${epochs}`);
    return { row: { model: name, metrics, epochs, bestEpoch, secondsPerEpoch }, training };
  } finally {
    release();
  }
}
