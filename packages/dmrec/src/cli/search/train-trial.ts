import { InvalidOptionsError, type TrainingCallbacks, type TrainingResult } from "@dmrec/core";
import { createTrainer } from "@dmrec/trainer";
import type { ModelZoo } from "../../zoo/model-zoo";
import { type EngineFlags, engineChoice } from "../engine-flags";
import { keepEncoder } from "../run/kept-encoder";
import { runData } from "../run/open-run";
import { readRunRecord, runFiles } from "../run/run-record";

export interface TrialOptions {
  readonly zoo: ModelZoo;
  readonly engine: EngineFlags;
  readonly abortSignal: AbortSignal;
  readonly callbacks: TrainingCallbacks;
}

/** Trains the run that a directory records, from its last checkpoint on. The test part is never read. */
export async function trainTrial(
  directory: string,
  { zoo, engine, abortSignal, callbacks }: TrialOptions,
): Promise<TrainingResult> {
  const record = await readRunRecord(directory);
  if (!record) throw new InvalidOptionsError("dmrec search", [{ path: directory, message: "is no trial" }]);
  const made = await runData(directory, record, undefined, () => {});
  const { data } = made;
  const trainer = await createTrainer({
    ...record.training,
    ...record.model.training,
    engine: engineChoice(engine, "dmrec search"),
  });
  const recommender = zoo.make(record.model, data);
  await using model = await trainer.fit(recommender, data, {
    directory,
    abortSignal,
    callbacks: [callbacks],
  });
  if (model.training.stopped !== "interrupted") {
    await keepEncoder(made, directory);
    await model.save(runFiles(directory).weights);
  }
  return model.training;
}
