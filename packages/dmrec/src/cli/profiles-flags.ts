import { type PromptDomain, promptTemplates } from "@dmrec/profiles";
import { Command, Option } from "commander";
import { nonnegativeNumber, positiveInteger } from "./option-parsers";
import { addJsonOption, type JsonFlag } from "./print";
import { withShortHelp } from "./short-help";

const subjects = ["both", "items", "users"] as const;
const missing = ["error", "empty"] as const;

/** The flags of `dmrec profiles`. */
export interface ProfilesFlags extends JsonFlag {
  readonly data?: string;
  readonly model: string;
  readonly domain: PromptDomain;
  readonly of: (typeof subjects)[number];
  readonly store: string;
  readonly output?: string;
  readonly missing: (typeof missing)[number];
  readonly dryRun: boolean;
  readonly maxParallelCalls: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly inputPrice?: number;
  readonly outputPrice?: number;
  readonly maxCost?: number;
  readonly structuredOutputs: boolean;
}

const domains = Object.keys(promptTemplates);

/** The command `dmrec profiles` with its options, which runs `profiles`. */
export function profilesCommand(profiles: (flags: ProfilesFlags) => Promise<void>): Command {
  const command = new Command("profiles")
    .option("--data <folder>", "interactions and what is known of the items (default: a synthetic catalogue)")
    .option("--model <name>", "the service's name of the model", "gpt-4.1-mini")
    .addOption(new Option("--domain <name>", "what the items are").choices(domains).default("neutral"))
    .addOption(new Option("--of <subjects>", "whose profiles").choices(subjects).default("both"))
    .option("--store <folder>", "keeps every paid result", "profiles")
    .option(
      "--output <folder>",
      "folder of the files of profiles (default: the data's folder, else the store)",
    )
    .addOption(
      new Option("--missing <policy>", "profiles that failed: write no file, or write empty ones")
        .choices(missing)
        .default("error"),
    )
    .option("--dry-run", "call no model; print the number of calls and their cost", false)
    .option("--max-parallel-calls <count>", "maximum number of calls in flight", positiveInteger, 8)
    .option("--requests-per-minute <count>", "maximum number of requests a minute", positiveInteger)
    .option("--tokens-per-minute <count>", "maximum number of tokens a minute", positiveInteger)
    .option(
      "--input-price <number>",
      "price of a million prompt tokens, with --output-price",
      nonnegativeNumber,
    )
    .option(
      "--output-price <number>",
      "price of a million reply tokens, with --input-price",
      nonnegativeNumber,
    )
    .option("--max-cost <number>", "most to spend through this store, with both prices", nonnegativeNumber)
    .option("--no-structured-outputs", "for services without JSON schemas")
    .action(profiles);
  addJsonOption(command);
  return withShortHelp(
    command,
    "dmrec profiles --model gpt-4.1-mini --data my-data --domain books --dry-run",
  );
}
