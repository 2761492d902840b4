import { Command, Option } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { cutoffList, positiveInteger } from "./option-parsers";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec evaluate`. */
export interface EvaluateFlags extends RunFlags {
  readonly against?: string;
  readonly part: "test" | "validation";
  readonly cutoffs?: readonly number[];
  readonly groups: number;
}

/** The command `dmrec evaluate`, which runs `evaluate`. */
export function evaluateCommand(
  zoo: ModelZoo,
  evaluate: (run: string, flags: EvaluateFlags) => Promise<void>,
): Command {
  const command = new Command("evaluate")
    .argument("<run>", "the directory of the run")
    .option("--against <run>", "another run on the same data, with a test of significance over users")
    .addOption(
      new Option("--part <name>", "the part whose items are to be found")
        .choices(["test", "validation"])
        .default("test"),
    )
    .option(
      "--cutoffs <list>",
      "lengths of the rankings, such as 5,10,50 (default: those of the run)",
      cutoffList,
    )
    .option("--groups <count>", "groups of users by training interactions", positiveInteger, 4)
    .action(evaluate);
  return runCommand(command, zoo, "dmrec evaluate runs/mddm --against runs/base");
}
