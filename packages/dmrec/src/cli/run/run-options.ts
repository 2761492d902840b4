import type { Command, Option } from "commander";
import type { ModelZoo } from "../../zoo/model-zoo";
import { compareCommand } from "../compare-flags";
import type { EngineFlags } from "../engine-flags";
import { addJsonOption, type JsonFlag } from "../print";
import { withShortHelp } from "../short-help";

/** The flags of every command that takes a run. */
export interface RunFlags extends EngineFlags, JsonFlag {
  /** The folder of the run's data, if it has moved. */
  readonly data?: string;
}

/**
 * Completes a command that takes a run: the flags of its data and engine, `--json`, and its exit codes in the help.
 *
 * @param example A call of the command, for its help.
 */
export function runCommand(command: Command, zoo: ModelZoo, example: string): Command {
  command.option("--data <folder>", "the run's data, if it is no longer where it was");
  addJsonOption(command);
  addSharedOptions(command, zoo, ["--engine", "--threads", "--execution-provider", "--backend"]);
  return withShortHelp(command, example);
}

/** Adds options of `dmrec compare` under the same names, which the short help does not explain. */
export function addSharedOptions(command: Command, zoo: ModelZoo, names: readonly string[]): void {
  for (const option of sharedOptions(zoo))
    if (names.includes(option.long ?? "")) command.addOption(option.hideHelp());
}

/** The options of `dmrec compare`, each of which a command may take as its own. */
export function sharedOptions(zoo: ModelZoo): readonly Option[] {
  return compareCommand(zoo, async () => {}).options;
}
