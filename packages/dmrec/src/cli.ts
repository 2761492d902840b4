import { fileURLToPath } from "node:url";
import { createProgram, runProgram } from "./cli/program";

const words = process.argv.slice(2);
const program = await createProgram(words, {
  loadZoo: async () => (await import("./zoo/default-zoo")).defaultZoo,
  file: fileURLToPath(import.meta.url),
});
process.exitCode = await runProgram(program, words);
