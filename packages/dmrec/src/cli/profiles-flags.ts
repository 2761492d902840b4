import { type PromptDomain, promptTemplates } from "@dmrec/profiles";
import { Command, Option } from "commander";
import { integer, number } from "./option-parsers";

const kinds = ["both", "items", "users"] as const;
const missing = ["error", "empty"] as const;

/** What the command line of `dmrec profiles` says. */
export interface ProfilesFlags {
  readonly data?: string;
  readonly model: string;
  readonly domain: PromptDomain;
  readonly of: (typeof kinds)[number];
  readonly store: string;
  readonly output?: string;
  readonly missing: (typeof missing)[number];
  readonly dryRun: boolean;
  readonly concurrency: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly inputPrice?: number;
  readonly outputPrice?: number;
  readonly maximumCost?: number;
  readonly structuredOutputs: boolean;
}

const domains = Object.keys(promptTemplates);

/** The command `dmrec profiles` with its options, which runs `profiles`. */
export function profilesCommand(profiles: (flags: ProfilesFlags) => Promise<void>): Command {
  return new Command("profiles")
    .description(
      "Have a language model write profiles of items, and of users from their training items. The service is that of OPENAI_BASE_URL and OPENAI_API_KEY, or any that speaks its protocol. The same command goes on from where it stopped.",
    )
    .option(
      "--data <folder>",
      "interactions with item_attributes.json(l) or names (default: a generated catalogue)",
    )
    .option("--model <name>", "the service's name of the model", "gpt-4.1-mini")
    .addOption(new Option("--domain <name>", "what the items are").choices(domains).default("neutral"))
    .addOption(new Option("--of <whom>", "whose profiles").choices(kinds).default("both"))
    .option("--store <folder>", "keeps what was paid", "profiles")
    .option(
      "--output <folder>",
      "gets item_profiles.jsonl and user_profiles.jsonl, which dmrec compare reads (default: the data's folder; without one, the store's)",
    )
    .addOption(
      new Option(
        "--missing <what>",
        "what becomes of a file where profiles failed: none, or empty ones in it",
      )
        .choices(missing)
        .default("error"),
    )
    .option("--dry-run", "call nobody; say what is to do and what it would cost", false)
    .option("--concurrency <count>", "calls at a time", integer, 8)
    .option("--requests-per-minute <count>", "the most requests a minute", integer)
    .option("--tokens-per-minute <count>", "the most tokens a minute", integer)
    .option("--input-price <number>", "of a million tokens of prompts; needs the other price", number)
    .option("--output-price <number>", "of a million tokens of replies; needs the other price", number)
    .option("--maximum-cost <number>", "the most to spend through this store; needs the prices", number)
    .option("--no-structured-outputs", "for services that take no JSON schema")
    .action(profiles);
}
