import { DMRecError } from "@dmrec/core";
import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { ModelZoo } from "../zoo/model-zoo";
import { compare } from "./compare";
import { compareCommand } from "./compare-flags";
import { completionCommand } from "./completion";
import { applyConfigFile } from "./config-file";
import { evaluate } from "./evaluate";
import { evaluateCommand } from "./evaluate-flags";
import { exportRun } from "./export";
import { exportCommand } from "./export-flags";
import { Interrupted } from "./interruption";
import { profiles } from "./profiles";
import { profilesCommand } from "./profiles-flags";
import { clearProgress } from "./progress-reporter";
import { recommend } from "./recommend";
import { recommendCommand } from "./recommend-flags";
import { report } from "./report";
import { reportCommand } from "./report-flags";
import { search } from "./search";
import { searchWorkerCommand } from "./search/search-worker";
import { trialCommand } from "./search/trial-task";
import { trialWorker } from "./search/trial-worker";
import { searchCommand } from "./search-flags";
import { serve } from "./serve";
import { serveCommand } from "./serve-flags";
import { train } from "./train";
import { trainCommand } from "./train-flags";

/**
 * The command line for the models of a zoo.
 *
 * @param file The file that runs this program, which a search starts again for each trial.
 */
export function createProgram(zoo: ModelZoo, file = process.argv[1]): Command {
  const program = new Command("dmrec")
    .description("Recommenders that understand what users clicked and what language models say about it.")
    .version(packageJson.version)
    .option("--config <file>", "flags of all commands (default: dmrec.config.ts, .mts, .js, .mjs or .json)")
    .showHelpAfterError("dmrec --help lists the commands.")
    .addCommand(compareCommand(zoo, (flags) => compare(flags, zoo)))
    .addCommand(trainCommand(zoo, (flags) => train(flags, zoo)))
    .addCommand(evaluateCommand(zoo, (run, flags) => evaluate(run, flags, zoo)))
    .addCommand(reportCommand(zoo, (directory, flags) => report(directory, flags, zoo)))
    .addCommand(recommendCommand(zoo, (run, flags) => recommend(run, flags, zoo)))
    .addCommand(exportCommand(zoo, (run, flags) => exportRun(run, flags, zoo)))
    .addCommand(serveCommand(zoo, (run, flags) => serve(run, flags, zoo)))
    .addCommand(searchCommand(zoo, (flags) => search(flags, zoo, file)))
    .addCommand(searchWorkerCommand(file))
    .addCommand(
      new Command(trialCommand).action(() => trialWorker(zoo)),
      { hidden: true },
    )
    .addCommand(profilesCommand(profiles));
  return program.addCommand(completionCommand(() => program));
}

/** The flags of every command. */
interface ProgramFlags {
  readonly config?: string;
}

/** Runs a command of the program and returns its exit code. An error that a user can mend is one sentence. */
export async function runProgram(program: Command, args: readonly string[]): Promise<number> {
  program.hook("preSubcommand", (_, command) =>
    applyConfigFile(command, { file: program.opts<ProgramFlags>().config, args }),
  );
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    clearProgress();
    if (error instanceof Interrupted) {
      console.error(`\n${error.message}`);
      return 130;
    }
    if (!DMRecError.isInstance(error)) throw error;
    console.error(`\nError: ${error.message}`);
    return 1;
  }
}
