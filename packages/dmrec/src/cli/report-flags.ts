import { Command } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec report`. */
export interface ReportFlags extends RunFlags {
  /** @default `report.html` in the directory of the run or the comparison */
  readonly out?: string;
}

/** The command `dmrec report`, which runs `report`. */
export function reportCommand(
  zoo: ModelZoo,
  report: (directory: string, flags: ReportFlags) => Promise<void>,
): Command {
  const command = new Command("report")
    .argument("<run>", "the directory of a run (dmrec train) or of a comparison (dmrec compare)")
    .option("--out <file>", "the page (default: report.html in the directory)")
    .action(report);
  return runCommand(command, zoo, "dmrec report runs/first --out first.html");
}
