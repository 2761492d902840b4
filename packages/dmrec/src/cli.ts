import { createProgram, runProgram } from "./cli/program";
import { defaultZoo } from "./zoo/default-zoo";

process.exitCode = await runProgram(createProgram(defaultZoo), process.argv.slice(2));
