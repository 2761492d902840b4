import { backendNames, executionProviders } from "@dmrec/trainer";
import { Command, Option } from "commander";
import type { PlanFlags } from "../app/resolve-plan";
import { settingsNames } from "../zoo/model-row";
import type { ModelZoo } from "../zoo/model-zoo";
import { addColumnFlags } from "./column-flags";
import type { DataFlags } from "./comparison-data";
import { type EngineFlags, engineNames } from "./engine-flags";
import {
  integer,
  metric,
  modelList,
  nonnegativeNumber,
  number,
  numbersByModel,
  port,
  positiveInteger,
  positiveNumber,
  share,
  words,
} from "./option-parsers";
import type { JsonFlag } from "./print";
import { encoderName } from "./profile-encoder";
import { withShortHelp } from "./short-help";
import { type FlagSource, flagSource } from "./unread-flags";

/** The flags of `dmrec compare`. */
export interface CompareFlags extends PlanFlags, DataFlags, EngineFlags, JsonFlag {
  readonly data?: string;
  readonly seed: number;
  readonly runs: string;
  readonly fresh: boolean;
  /** The identifier of the user to recommend to. */
  readonly user?: string;
  readonly text?: string;
  /** Serves a page of the best model afterwards: true, or the port. */
  readonly serve?: boolean | number;
}

/** The options that the short help explains. */
const explained = [
  "--data",
  "--base",
  "--models",
  "--beta",
  "--epochs",
  "--monitor",
  "--minimum-rating",
  "--seed",
  "--user",
  "--text",
  "--embeddings",
  "--encoder",
  "--runs",
  "--fresh",
  "--serve",
  "--json",
];

/** A command as it was typed. */
export interface TypedCommand {
  readonly sourceOf: FlagSource;
  /** The words of the command line, starting with the name of the command. */
  readonly args: readonly string[];
}

/** The command `dmrec compare` for the models of a zoo, which runs `compare`. */
export function compareCommand(
  zoo: ModelZoo,
  compare: (flags: CompareFlags, typed: TypedCommand) => Promise<void>,
): Command {
  const { modelNames, baseNames } = zoo;
  const command = new Command("compare")
    .option("--data <path>", "folder, or a .duckdb file (default: a synthetic catalogue)")
    .addOption(new Option("--base <name>", "base model").choices(baseNames).default(baseNames[0]))
    .addOption(
      new Option("--settings <dataset>", "dataset whose published settings apply")
        .choices(settingsNames)
        .default("default"),
    )
    .option(
      "--models <names>",
      `some of ${modelNames.join(", ")}, or strategies (default: ${zoo.quickModels(withEmbeddings).join(",")}; of the catalogue strategies)`,
      modelList(modelNames, zoo.defaultModels(withEmbeddings)),
    )
    .addOption(
      new Option("--beta <list>", "weights of the match, e.g. godm=0.2,mddm=0.5")
        .argParser(numbersByModel(modelNames))
        .default({}, "the published ones"),
    )
    .option("--kl-weight <number>", "weight of the KL of the base model", nonnegativeNumber)
    .option("--dropout <share>", "share left out by the base model and the meta-network", share)
    .option("--hidden <width>", "width of the hidden layers", positiveInteger)
    .option("--latent <width>", "dimensions of the latent space", positiveInteger)
    .option(
      "--softmax-samples <count>",
      "items drawn in each step for the softmax of Mult-VAE's loss, for large catalogues (default: all)",
      positiveInteger,
    )
    .addOption(
      new Option(
        "--softmax-proposal <name>",
        "draw these items by rank, or by number of interactions",
      ).choices(["log-uniform", "popularity"]),
    )
    .option("--epochs <count>", "maximum number of epochs", positiveInteger)
    .option("--patience <count>", "evaluations without improvement before a stop", positiveInteger)
    .option("--monitor <metric>", "metric that chooses the best", metric, "recall@20")
    .option("--learning-rate <rate>", "learning rate of Adam", positiveNumber)
    .option("--batch-size <users>", "users in each step", positiveInteger)
    .option("--minimum-rating <number>", "leave out lower ratings", number)
    .option("--k-core <count>", "leave out users and items with fewer interactions", integer, 0)
    .addOption(
      new Option("--split-scope <scope>", "split 3:1:1 of each user, or of all interactions")
        .choices(["per-user", "global"])
        .default("per-user"),
    )
    .addOption(
      new Option("--split-by <order>", "hold out random interactions, or the latest")
        .choices(["random", "time"])
        .default("random"),
    )
    .option("--seed <number>", "seed of the run", integer, 2024)
    .option("--user <id>", "user to recommend to (default: the first)")
    .option("--text <text>", "also recommend to a new user of this text", words)
    .addOption(
      new Option("--embeddings <source>", "those given, or made of the profiles")
        .choices(["auto", "given", "default"])
        .default("auto"),
    )
    .option("--encoder <name>", "tf-idf, use-lite, or a transformer's folder (default: tf-idf)", encoderName)
    .option(
      "--cold-start-rate <share>",
      "share of users in a step whose interactions are hidden, for texts (default: 0; catalogue 0.3)",
      share,
    )
    .option("--runs <folder>", "folder of weights, to continue", "runs")
    .option("--fresh", "start again instead of continuing", false)
    .option("--serve [port]", "then serve a page of the best (default port: 3000)", port)
    .option("--json", "the result as JSON on standard output", false)
    .addOption(
      new Option("--engine <name>", "what runs the steps: auto compiles them if it can")
        .choices(engineNames)
        .default("auto"),
    )
    .option("--threads <count>", "threads of the compiled engine (default: all)", positiveInteger)
    .addOption(
      new Option(
        "--execution-provider <name>",
        "ONNX Runtime provider of the compiled engine (default: cpu)",
      ).choices(executionProviders),
    )
    .addOption(
      new Option("--backend <name>", "tensor backend of the eager engine; implies --engine eager").choices(
        backendNames,
      ),
    )
    .action((flags: CompareFlags, self: Command) =>
      compare(flags, { sourceOf: flagSource(self), args: typedArgs(self) }),
    );
  addColumnFlags(command);
  for (const option of command.options) option.hideHelp(!explained.includes(option.long ?? ""));
  return withShortHelp(command, "dmrec compare --data my-data --minimum-rating 4 --user 17");
}

/** The words of the command line, starting with the name of the command, and with `--config`, which the program has taken out. */
function typedArgs({ parent }: Command): readonly string[] {
  const config: unknown = parent?.getOptionValue("config");
  return [...(parent?.args ?? []), ...(typeof config === "string" ? ["--config", config] : [])];
}

/** Data for which every strategy suits. */
const withEmbeddings = {
  profileEmbeddings: {
    users: { rowCount: 0, columnCount: 0, values: new Float32Array() },
    items: { rowCount: 0, columnCount: 0, values: new Float32Array() },
  },
};
