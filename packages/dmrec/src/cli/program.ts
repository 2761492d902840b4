import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { ModelZoo } from "../zoo/model-zoo";
import { commandEntries } from "./command-entries";
import { Interrupted } from "./interruption";
import { clearProgress } from "./progress-reporter";

export interface ProgramOptions {
  /** Loads the models. */
  readonly loadZoo: () => Promise<ModelZoo>;
  /** The file that runs this program, which a search starts again for each trial. @default that of this process */
  readonly file?: string;
}

/**
 * The command line for the models of a zoo.
 *
 * @param words The words of the command line. Commands that are not among them are only listed: they have no flags.
 */
export async function createProgram(
  words: readonly string[],
  { loadZoo, file = process.argv[1] }: ProgramOptions,
): Promise<Command> {
  const program = new Command("dmrec")
    .description("Recommenders that understand what users clicked and what language models say about it.")
    .version(packageJson.version)
    .option("--config <file>", "flags of all commands (default: dmrec.config.ts, .mts, .js, .mjs or .json)")
    .showHelpAfterError("dmrec --help lists the commands.")
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` });
  const wholeProgram = () => createProgram(commandNames, { loadZoo, file });
  for (const { name, usage, summary, description, isHidden = false, load } of commandEntries) {
    const command = words.includes(name)
      ? await load({ loadZoo, file, wholeProgram })
      : new Command(name).usage(usage);
    program.addCommand(command.description(description).summary(summary), { hidden: isHidden });
  }
  return program;
}

/** The names of all commands. */
export const commandNames: readonly string[] = commandEntries.map(({ name }) => name);

/** The flags of every command. */
interface ProgramFlags {
  readonly config?: string;
}

/** Runs a command of the program and returns its exit code. An error that a user can mend is one sentence. */
export async function runProgram(program: Command, args: readonly string[]): Promise<number> {
  program.hook("preSubcommand", async (_, command) => {
    const { applyConfigFile } = await import("./config-file");
    await applyConfigFile(command, { file: program.opts<ProgramFlags>().config, args });
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    clearProgress();
    if (error instanceof Interrupted) {
      console.error(`\n${error.message}`);
      return 130;
    }
    // Loaded here, so that help needs nothing of it.
    const { DMRecError } = await import("@dmrec/core");
    if (!DMRecError.isInstance(error)) throw error;
    console.error(`\nError: ${error.message}`);
    return 1;
  }
}
