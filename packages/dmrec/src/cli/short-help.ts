import { type Command, Help, type Option } from "commander";

/** The ends of a command, for its help. */
const exitCodes = "Exit codes: 0 done; 1 refused, with a sentence; 130 stopped by Ctrl-C.";

/** Hidden options that the help names. */
const namedOptions = 6;

/** Flags that another command or program has, with those that do the same here, if a command has one of them. */
const sameElsewhere: Readonly<Record<string, readonly string[]>> = {
  "--out": ["--runs", "--output"],
  "--output": ["--out", "--runs"],
  "--runs": ["--out"],
  "--models": ["--base"],
  "--model": ["--base"],
  "--matching": ["--models"],
  "--top": ["--count"],
  "--limit": ["--count"],
};

/** A list of so many names, such as those of models, is shown by its beginning. */
const longList = /((?:[\w-]+, ){4})(?:[\w-]+, ){3,}[\w-]+/;

/**
 * Gives a command a help that fits a screen. It has an option a line, an example and the exit codes. Long lists of names are shown by
 * their beginning, and some of the hidden options are named; `--help-all` shows everything. After a wrong option or argument, the example shows what to type.
 *
 * @param example A call of the command.
 */
export function withShortHelp(command: Command, example: string): Command {
  const hidden = () => command.options.filter((option) => option.hidden);
  const more = () => {
    const names = hidden().map(({ long }) => long);
    if (names.length === 0) return "";
    return `\n--help-all explains ${names.length} more: ${names.slice(0, namedOptions).join(" ")}${names.length > namedOptions ? " …" : ""}\n`;
  };
  let isWhole = false;
  if (hidden().length > 0)
    command.option("--help-all", "explain all options").on("option:help-all", () => {
      for (const option of hidden()) option.hideHelp(false);
      isWhole = true;
      command.help();
    });
  return command
    .showHelpAfterError(`Example: ${example}`)
    .configureOutput({ outputError: (text, write) => write(`${text}${suggestion(text, command)}`) })
    .configureHelp({
      optionDescription: (option) => {
        const description = shortDescription(option);
        return isWhole ? description : description.replace(longList, "$1…");
      },
    })
    .addHelpText("after", () => wrapped(`${more()}\nExample: ${example}\n${exitCodes}`));
}

/** A line that names the flag that was meant by one that another command has. Empty if there is none, or one is named already. */
function suggestion(text: string, { options }: Command): string {
  const [, flag = ""] = text.match(/^error: unknown option '([^'=]+)(?:=.*)?'\n$/) ?? [];
  const meant = sameElsewhere[flag]?.find((name) => options.some(({ long }) => long === name));
  return meant === undefined ? "" : `(Did you mean ${meant}?)\n`;
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
