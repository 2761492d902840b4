import { resolve } from "node:path";
import type { PlanFlags } from "../../app/resolve-plan";
import type { EngineFlags } from "../engine-flags";

/** The flags that decide how a model is made and trained, and what runs its steps. */
interface ModelFlags extends Omit<PlanFlags, "data" | "models" | "beta" | "seed">, EngineFlags {
  /** One weight, or one for each model. */
  readonly beta?: unknown;
}

/** The other flags of a command: its own, and those that read the data, whose folder becomes an absolute path. */
export function withoutModelFlags<Flags extends ModelFlags & { readonly data?: string }>(
  flags: Flags,
): Omit<Flags, keyof ModelFlags | "data"> & { readonly data?: string } {
  const {
    base,
    settings,
    beta,
    klWeight,
    dropout,
    hidden,
    latent,
    coldStartRate,
    softmaxSamples,
    softmaxProposal,
    ownOptions,
    epochs,
    batchSize,
    learningRate,
    patience,
    monitor,
    engine,
    threads,
    executionProvider,
    backend,
    data,
    ...others
  } = flags;
  return data === undefined ? others : { ...others, data: resolve(data) };
}
