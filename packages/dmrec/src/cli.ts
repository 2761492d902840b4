import { DMRecError } from "@dmrec/core";
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { compare } from "./cli/compare";
import { compareCommand } from "./cli/compare-flags";
import { Interrupted } from "./cli/interruption";
import { profiles } from "./cli/profiles";
import { profilesCommand } from "./cli/profiles-flags";
import { clearProgress } from "./cli/progress-reporter";
import { defaultZoo } from "./zoo/default-zoo";

const program = new Command("dmrec")
  .description("Recommenders that understand what users clicked and what language models say about it.")
  .version(packageJson.version)
  .addCommand(compareCommand(defaultZoo, (flags) => compare(flags, defaultZoo)))
  .addCommand(profilesCommand(profiles));

try {
  await program.parseAsync();
} catch (error) {
  clearProgress();
  if (error instanceof Interrupted) {
    console.error(`\n${error.message}`);
    process.exitCode = 130;
  } else if (DMRecError.isInstance(error)) {
    console.error(`\nError: ${error.message}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
