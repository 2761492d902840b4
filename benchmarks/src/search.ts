// Tunes a base model on the validation part: `dmrec search` over the values that the papers describe.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { searchSpace } from "./search-space";

const program = new Command("bench:search")
  .description(
    "Tune a base model on the validation part of a folder of data; the test part is never read. Other flags are those of dmrec search, such as --trials, --method, --jobs and --epochs.",
  )
  .requiredOption("--data <folder>", "the dataset")
  .addOption(
    new Option("--base <name>", "the base model").choices(Object.keys(searchSpace)).makeOptionMandatory(),
  )
  .option("--settings <dataset>", "dataset whose published settings the search starts from", "amazon-book")
  .option("--out <folder>", "folder of the search (default: runs/search/<base>)")
  .allowUnknownOption()
  .allowExcessArguments();

const { data, base, settings, out = join("runs", "search", base) } = program.parse().opts();
const choices = Object.entries(searchSpace[base]).flatMap(([name, values]) => [
  "--choice",
  `${name}=${values.join(",")}`,
]);
const cli = join(dirname(createRequire(import.meta.url).resolve("dmrec/package.json")), "dist", "cli.js");
const start = ["--data", data, "--base", base, "--settings", settings, "--out", out];
const args = [cli, "search", ...start, "--matching", "none", "--embeddings", "given", ...choices];
const search = spawn(process.execPath, [...args, ...program.args], { stdio: "inherit" });
// The search has received a terminal's Ctrl-C itself, and saves.
process.on("SIGINT", () => {}).on("SIGTERM", () => search.kill("SIGTERM"));
search.on("close", (code) => {
  process.exitCode = code ?? 1;
});
