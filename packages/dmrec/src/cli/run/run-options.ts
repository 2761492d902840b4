import { type Command, Help, type Option } from "commander";
import type { ModelZoo } from "../../zoo/model-zoo";
import { compareCommand } from "../compare-flags";
import type { EngineFlags } from "../engine-flags";
import type { JsonFlag } from "../print";

/** The flags of every command that takes a run. */
export interface RunFlags extends EngineFlags, JsonFlag {
  /** The folder of the run's data, if it has moved. */
  readonly data?: string;
}

/** The ends of a command, for its help. */
const exitCodes = `
Exit codes: 0 done; 1 refused, with a sentence on standard error; 130 stopped by Ctrl-C.`;

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

export function addJsonOption(command: Command): void {
  command.option("--json", "the result as JSON on standard output", false);
}

/**
 * Adds options of `dmrec compare` under the same names. The help lists their names only, since that of `compare` explains
 * them.
 */
export function addSharedOptions(command: Command, zoo: ModelZoo, names: readonly string[]): void {
  for (const option of sharedOptions(zoo))
    if (names.includes(option.long ?? "")) command.addOption(option.hideHelp());
}

/** The options of `dmrec compare`, each of which a command may take as its own. */
export function sharedOptions(zoo: ModelZoo): readonly Option[] {
  return compareCommand(zoo, async () => {}).options;
}

/** A help that fits a screen: an option a line, names of the shared ones, an example, and exit codes. */
export function withShortHelp(command: Command, example: string): Command {
  const hidden = command.options.filter((option) => option.hidden).map(({ long }) => long);
  const shared = hidden.length > 0 ? `\nAlso, as dmrec compare --help explains: ${hidden.join(" ")}` : "";
  return command
    .configureHelp({ optionDescription: shortDescription })
    .addHelpText("after", () => wrapped(`${shared}\n\nExample: ${example}\n${exitCodes}`));
}

/** The description of an option with its choices and its default in few words. */
function shortDescription(option: Option): string {
  const { argChoices: choices, description, defaultValue, defaultValueDescription } = option;
  const fallback = defaultValueDescription ?? (defaultValue === undefined ? undefined : String(defaultValue));
  const notes = [
    ...(choices ? [choices.join(", ")] : []),
    ...(fallback !== undefined && fallback !== "false" ? [`default: ${fallback}`] : []),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

function wrapped(text: string): string {
  const help = new Help();
  return text
    .split("\n")
    .map((line) => help.boxWrap(line, process.stdout.columns ?? 80))
    .join("\n");
}
