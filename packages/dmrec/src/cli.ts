import { fileURLToPath } from "node:url";
import { createProgram, runProgram } from "./cli/program";
import { defaultZoo } from "./zoo/default-zoo";

process.exitCode = await runProgram(
  createProgram(defaultZoo, fileURLToPath(import.meta.url)),
  process.argv.slice(2),
);
