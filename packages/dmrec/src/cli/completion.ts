import { Argument, Command, type Option } from "commander";
import { withShortHelp } from "./short-help";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** The command `dmrec completion`, which prints a script that completes the commands and options of a program in a shell. */
export function completionCommand(program: () => Promise<Command>): Command {
  const command = new Command("completion")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .action(async (shell: Shell) => console.log(completionScript(await program(), shell)));
  return withShortHelp(command, "dmrec completion bash");
}

/** The script for a shell. It holds all names, so that no key press starts the program. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === "fish") return fishScript(program);
  // zsh runs the functions of bash.
  const prelude = shell === "zsh" ? "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n" : "";
  return prelude + bashScript(program);
}

function bashScript(program: Command): string {
  const name = program.name();
  const cases = visibleCommands(program).map((command) => {
    const values = command.options.flatMap((option) => {
      const choices = option.argChoices;
      if (choices) return [`      ${flagsOf(option).join("|")}) words="${choices.join(" ")}" ;;`];
      return takesValue(option) ? [`      ${flagsOf(option).join("|")}) words="" ;;`] : [];
    });
    const flags = command.options.flatMap(flagsOf).join(" ");
    return [
      `    ${command.name()}) case "$previous" in`,
      ...values,
      `      *) words="${argumentWords(command)}${flags} --help" ;;`,
      "    esac ;;",
    ].join("\n");
  });
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${visibleCommands(program)
      .map((command) => command.name())
      .join(" ")} --help --version" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${visibleCommands(program)
    .map((command) => command.name())
    .join(" ")} --help --version"; fi
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
}
complete -o default -F _${name} ${name}`;
}

function fishScript(program: Command): string {
  const name = program.name();
  const start = `complete -c ${name} -n __fish_use_subcommand -f`;
  const commands = visibleCommands(program).map(
    (command) => `${start} -a ${command.name()} -d ${quoted(firstSentence(command.description()))}`,
  );
  const options = visibleCommands(program).flatMap((command) =>
    command.options.map((option) => {
      const long = option.long?.replace(/^--/, "") ?? "";
      const value = option.argChoices
        ? ` -x -a ${quoted(option.argChoices.join(" "))}`
        : takesValue(option)
          ? " -r"
          : "";
      return `complete -c ${name} -n ${quoted(`__fish_seen_subcommand_from ${command.name()}`)} -l ${long}${value} -d ${quoted(option.description)}`;
    }),
  );
  return [...commands, ...options].join("\n");
}

function visibleCommands(program: Command): readonly Command[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== "help");
}

/** The choices of a command's argument, before its flags. */
function argumentWords(command: Command): string {
  return command.registeredArguments
    .flatMap(({ argChoices = [] }) => argChoices.map((choice) => `${choice} `))
    .join("");
}

function flagsOf({ long, short }: Option): string[] {
  return [long, short].filter((flag) => flag !== undefined && flag !== null);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function firstSentence(text: string): string {
  return text.split(/[.:;] /)[0];
}

/** A word of fish, in quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
