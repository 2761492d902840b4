import { Command } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { positiveInteger, repeatable, words } from "./option-parsers";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec recommend`. */
export interface RecommendFlags extends RunFlags {
  readonly user?: string;
  readonly items?: readonly string[];
  readonly text?: string;
  readonly allUsers: boolean;
  readonly out?: string;
  readonly count: number;
  readonly exclude?: readonly string[];
  readonly filter?: readonly string[];
  readonly excludeHeldOut: boolean;
}

/** The command `dmrec recommend`, which runs `recommend`. */
export function recommendCommand(
  zoo: ModelZoo,
  recommend: (run: string, flags: RecommendFlags) => Promise<void>,
): Command {
  const several = repeatable(words);
  const command = new Command("recommend")
    .argument("<run>", "the directory of the run")
    .option("--user <id>", "a user of the data", words)
    .option("--items <list>", "identifiers or names of items, comma-separated; may be repeated", several)
    .option("--text <text>", "a description of the user, alone or with --items", words)
    .option("--all-users", "every user of the data, into the file --out", false)
    .option("--out <file>", "the file for --all-users: .csv, .jsonl or .parquet")
    .option("--count <number>", "how many items", positiveInteger, 10)
    .option("--exclude <list>", "identifiers or names of items to leave out", several)
    .option(
      "--filter <condition>",
      "only items such as genres=Comedy,Drama or year=1990..1999; may be repeated",
      repeatable(words),
    )
    .option("--exclude-held-out", "also leave out the validation and test items of users", false)
    .action(recommend);
  return runCommand(command, zoo, 'dmrec recommend runs/first --text "slow electronic music" --count 5');
}
