import type { TrainingOptions } from "@dmrec/trainer";
import { backendNames, engineNames, executionProviders } from "@dmrec/trainer";
import { Command, Option } from "commander";
import { type BaseName, baseNames } from "../base-models";
import { type SettingsName, settingsNames } from "../published-settings";
import { type VariantName, variantNames } from "../variant-names";
import { betasOf, integer, number, variantsOf, words } from "./option-parsers";

/** What the command line of `dmrec compare` says. */
export interface CompareFlags {
  readonly data?: string;
  readonly base: BaseName;
  readonly settings: SettingsName;
  readonly models?: VariantName[];
  readonly beta: Partial<Record<VariantName, number>>;
  readonly runs: string;
  readonly fresh: boolean;
  readonly user?: string;
  readonly text?: string;
  readonly embeddings: "auto" | "given" | "default";
  readonly profileOnly?: number;
  readonly engine: NonNullable<TrainingOptions["engine"]>;
  readonly threads?: number;
  readonly executionProvider: NonNullable<TrainingOptions["executionProvider"]>;
  readonly backend: NonNullable<TrainingOptions["backend"]>;
  readonly minimumRating?: number;
  readonly kCore: number;
  readonly splitScope: "per-user" | "global";
  readonly splitBy: "random" | "time";
  readonly seed: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly patience?: number;
  readonly learningRate?: number;
  readonly hidden?: number;
  readonly latent?: number;
  readonly dropout?: number;
}

/** The command `dmrec compare` with its options, which runs `compare`. */
export function compareCommand(compare: (flags: CompareFlags) => Promise<void>): Command {
  return new Command("compare")
    .description("Train models on a dataset, compare them on its test part, and recommend to one user.")
    .option(
      "--data <folder>",
      "interactions, and embeddings, names and profiles where there are any (default: a generated catalogue)",
    )
    .addOption(
      new Option("--base <name>", "the base model, alone and under the strategies")
        .choices(baseNames)
        .default("mult-vae"),
    )
    .addOption(
      new Option("--settings <dataset>", "whose published settings stand where no option says otherwise")
        .choices(settingsNames)
        .default("default"),
    )
    .option(
      "--models <names>",
      `comma-separated: ${variantNames.join(", ")} (default: base,godm,cpdm,mddm)`,
      variantsOf,
    )
    .addOption(
      new Option("--beta <list>", "weights by model, e.g. base=0.2,mddm=0.5")
        .argParser(betasOf)
        .default({}, "the published ones"),
    )
    .option("--dropout <share>", "share left out by the base model and the meta-network", number)
    .option("--hidden <width>", "width of the hidden layers", integer)
    .option("--latent <width>", "dimensions of the latent space", integer)
    .option("--epochs <count>", "the most epochs", integer)
    .option("--patience <count>", "evaluations without a better one before a run stops", integer)
    .option("--learning-rate <rate>", "step size of Adam", number)
    .option("--batch-size <users>", "users a step", integer)
    .option("--minimum-rating <number>", "of a table with ratings: leave lower ones out", number)
    .option(
      "--k-core <count>",
      "of data to split: leave out users and items with fewer interactions",
      integer,
      0,
    )
    .addOption(
      new Option("--split-scope <scope>", "of data to split: 3:1:1 of each user, or of all")
        .choices(["per-user", "global"])
        .default("per-user"),
    )
    .addOption(
      new Option(
        "--split-by <order>",
        "of data to split: random interactions, or the latest ones, are held out",
      )
        .choices(["random", "time"])
        .default("random"),
    )
    .option("--seed <number>", "seed of the run", integer, 2024)
    .option("--user <id>", "the user to recommend to (default: the first with test items)")
    .option("--text <text>", "also recommend to somebody of whom nothing is known but this text", words)
    .addOption(
      new Option(
        "--embeddings <source>",
        "given: those of the folder; default: of its profiles, by TF-IDF; auto: the given ones, else the default",
      )
        .choices(["auto", "given", "default"])
        .default("auto"),
    )
    .option(
      "--profile-only <share>",
      "share of a step's users known by their profile alone, for recommending from texts (default: 0; of the generated catalogue 0.3)",
      number,
    )
    .option(
      "--runs <folder>",
      "where checkpoints and manifests go; the same command goes on from them",
      "runs",
    )
    .option("--fresh", "start anew, whatever an interrupted run has left there", false)
    .addOption(
      new Option("--engine <name>", "what runs the steps: auto compiles them where it can")
        .choices(engineNames)
        .default("auto"),
    )
    .option("--threads <count>", "threads of the compiled engine (default: all)", integer)
    .addOption(
      new Option("--execution-provider <name>", "where the compiled engine runs")
        .choices(executionProviders)
        .default("cpu"),
    )
    .addOption(
      new Option(
        "--backend <name>",
        "tensor backend of the eager engine; to name one is to ask for that engine",
      )
        .choices(backendNames)
        .default("auto"),
    )
    .action(compare);
}
