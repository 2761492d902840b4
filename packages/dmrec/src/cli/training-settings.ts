import type { CompareFlags } from "./compare-flags";

/** For a folder of the user's: what the paper used. */
const paperSettings = {
  hidden: 600,
  latent: 200,
  batchSize: 1024,
  epochs: 1000,
  patience: 20,
  learningRate: 1e-3,
};
/** For the small default catalogue: what trains in seconds. */
const catalogueSettings = {
  hidden: 128,
  latent: 48,
  batchSize: 256,
  epochs: 200,
  patience: 8,
  learningRate: 3e-3,
};

export type TrainingSettings = typeof paperSettings;

/** The sizes and rates to train with: those given, else defaults for the kind of data. */
export function trainingSettings(flags: CompareFlags): TrainingSettings {
  const defaults = flags.data === undefined ? catalogueSettings : paperSettings;
  return {
    hidden: flags.hidden ?? defaults.hidden,
    latent: flags.latent ?? defaults.latent,
    batchSize: flags.batchSize ?? defaults.batchSize,
    epochs: flags.epochs ?? defaults.epochs,
    patience: flags.patience ?? defaults.patience,
    learningRate: flags.learningRate ?? defaults.learningRate,
  };
}
