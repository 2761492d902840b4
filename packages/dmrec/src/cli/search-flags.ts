import { Command, InvalidArgumentError, Option } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { positiveInteger, repeatable } from "./option-parsers";
import { queueUrl } from "./search/queue-url";
import { type Choice, type NumberRange, parseChoice, parseRange } from "./search/search-space";
import { withShortHelp } from "./short-help";
import { addTrainOptions, type TrainFlags } from "./train-flags";
import { type FlagSource, flagSource } from "./unread-flags";

/** The flags of `dmrec search`. The others of a training say where the search starts. */
export interface SearchFlags extends TrainFlags {
  readonly range?: readonly NumberRange[];
  readonly choice?: readonly Choice[];
  readonly trials: number;
  readonly method: "random" | "halving" | "tpe";
  readonly halvingFactor: number;
  readonly jobs?: number;
  /** The Redis whose workers train the trials. @default processes of this machine */
  readonly queue?: string;
}

/** The command `dmrec search` for the models of a zoo, which runs `search`. */
export function searchCommand(
  zoo: ModelZoo,
  search: (flags: SearchFlags, sourceOf: FlagSource) => Promise<void>,
): Command {
  const command = new Command("search")
    .requiredOption("--out <folder>", "the directory of the search")
    .option(
      "--range <name=low..high>",
      "numbers to try, such as learningRate=1e-4..1e-2:log or steps=2..8:int; repeatable",
      repeatable(parseRange),
    )
    .option(
      "--choice <name=values>",
      "values, such as latentDimension=32,64; repeatable",
      repeatable(parseChoice),
    )
    .option("--trials <count>", "settings to try, the given ones first", positiveInteger, 20)
    .addOption(
      new Option("--method <name>", "halving ends bad ones early; tpe learns from all")
        .choices(["random", "halving", "tpe"])
        .default("random"),
    )
    .option("--halving-factor <count>", "of halving: one in so many goes on", factor, 3)
    .option("--jobs <count>", "trials at a time, a process each (default: as many as cores)", positiveInteger)
    .option("--queue <url>", "a Redis of workers; see dmrec search-worker", queueUrl);
  addTrainOptions(command, zoo, ["--data", "--epochs", "--monitor"]);
  command.action((flags: SearchFlags, self: Command) => search(flags, flagSource(self)));
  return withShortHelp(
    command,
    "dmrec search --data my-data --out runs/search --range learningRate=1e-4..1e-2:log --choice latentDimension=32,64,200",
  );
}

function factor(text: string): number {
  const value = positiveInteger(text);
  if (value < 2) throw new InvalidArgumentError("expected a whole number from 2 up.");
  return value;
}
