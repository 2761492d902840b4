import { fileURLToPath } from "node:url";
import { createProgram, runProgram } from "./cli/program";

// A reader that has what it wants, such as `head`, closes the pipe. The work goes on, so that no training is lost with its log.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

const words = process.argv.slice(2);
const program = await createProgram(words, {
  loadZoo: async () => (await import("./zoo/default-zoo")).defaultZoo,
  file: fileURLToPath(import.meta.url),
});
process.exitCode = await runProgram(program, words);
