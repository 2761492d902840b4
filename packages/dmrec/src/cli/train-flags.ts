import { Command, Option } from "commander";
import type { PlanFlags } from "../app/resolve-plan";
import type { ModelZoo } from "../zoo/model-zoo";
import type { DataFlags } from "./comparison-data";
import type { EngineFlags } from "./engine-flags";
import { nonnegativeNumber } from "./option-parsers";
import { addJsonOption, type JsonFlag } from "./print";
import { sharedOptions } from "./run/run-options";
import { withShortHelp } from "./short-help";
import { type FlagSource, flagSource } from "./unread-flags";

/** The flags of `dmrec train`. */
export interface TrainFlags
  extends Omit<PlanFlags, "models" | "beta" | "data">,
    DataFlags,
    EngineFlags,
    JsonFlag {
  readonly out: string;
  /** The strategy, or `none`. @default `mddm` if the data has embeddings, else `none` */
  readonly matching?: string;
  /** The weight of the match. */
  readonly beta?: number;
  readonly fresh: boolean;
}

/** Options of `dmrec compare` that a single model has no use for, or has in another form. */
const notShared = [
  "--models",
  "--beta",
  "--base",
  "--user",
  "--text",
  "--runs",
  "--fresh",
  "--serve",
  "--json",
  "--help-all",
];

/** Shared options that the help explains. */
const explained = [
  "--data",
  "--settings",
  "--epochs",
  "--monitor",
  "--minimum-rating",
  "--encoder",
  "--seed",
  "--threads",
];

/**
 * Adds what decides how one model is trained: the flags of {@link TrainFlags} except for `--out`. The help explains those that
 * are named.
 */
export function addTrainOptions(command: Command, zoo: ModelZoo, explained: readonly string[]): void {
  const strategies = zoo.rows.strategies.map(({ name }) => name);
  command
    .addOption(
      new Option("--base <name>", "base model or baseline")
        .choices([...zoo.baseNames, ...zoo.baselineNames])
        .default(zoo.baseNames[0]),
    )
    .addOption(
      new Option("--matching <name>", "strategy that matches profiles with the base model")
        .choices([...strategies, "none"])
        .default(undefined, "mddm if the data has embeddings or profiles, else none"),
    )
    .option("--beta <weight>", "weight of the match", nonnegativeNumber)
    .option("--fresh", "start again, whatever the directory holds", false);
  addJsonOption(command);
  for (const option of sharedOptions(zoo)) {
    const name = option.long ?? "";
    if (notShared.includes(name)) continue;
    command.addOption(option.hideHelp(!explained.includes(name)));
  }
}

/** The command `dmrec train` for the models of a zoo, which runs `train`. */
export function trainCommand(
  zoo: ModelZoo,
  train: (flags: TrainFlags, sourceOf: FlagSource) => Promise<void>,
): Command {
  const command = new Command("train").requiredOption("--out <folder>", "the directory of the run");
  addTrainOptions(command, zoo, explained);
  command.action((flags: TrainFlags, self: Command) => train(flags, flagSource(self)));
  return withShortHelp(
    command,
    "dmrec train --data my-data --out runs/first --base mult-vae --matching mddm",
  );
}
