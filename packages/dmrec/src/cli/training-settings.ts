import type { TrainingOptions } from "@dmrec/trainer";
import { publishedSettings } from "../published-settings";
import type { CompareFlags } from "./compare-flags";

/** For the small default catalogue: what trains in seconds, whatever the base. */
const catalogueSettings = {
  hidden: 128,
  latent: 48,
  batchSize: 256,
  epochs: 200,
  patience: 8,
  learningRate: 3e-3,
};

export interface TrainingSettings {
  /** Widths that are not the base's own. */
  readonly hidden?: number | undefined;
  readonly latent?: number | undefined;
  readonly training: Pick<TrainingOptions, "adam" | "batchSize" | "epochs" | "patience">;
}

/** The sizes and rates to train with: those given, else small ones for the catalogue and the published ones for a folder. */
export function trainingSettings(flags: CompareFlags): TrainingSettings {
  const small: Partial<typeof catalogueSettings> = flags.data === undefined ? catalogueSettings : {};
  const published = publishedSettings(flags.base, "base", flags.settings).training;
  const learningRate = flags.learningRate ?? small.learningRate;
  return {
    hidden: flags.hidden ?? small.hidden,
    latent: flags.latent ?? small.latent,
    training: {
      adam: learningRate === undefined ? published.adam : withRate(published.adam, learningRate),
      batchSize: flags.batchSize ?? small.batchSize ?? published.batchSize,
      epochs: flags.epochs ?? small.epochs,
      patience: flags.patience ?? small.patience,
    },
  };
}

/** Another learning rate; those of parts keep their ratio to it. */
function withRate(adam: TrainingOptions["adam"], learningRate: number): TrainingOptions["adam"] {
  const factor = learningRate / (adam?.learningRate ?? learningRate);
  const parts = Object.entries(adam?.parts ?? {}).map(([name, part]) => [
    name,
    { ...part, ...(part.learningRate === undefined ? {} : { learningRate: part.learningRate * factor }) },
  ]);
  return { ...adam, learningRate, parts: Object.fromEntries(parts) };
}
