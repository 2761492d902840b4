import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultZoo } from "../zoo/default-zoo";
import { completionScript } from "./completion";
import { commandNames, createProgram } from "./program";
import { runCommandLine } from "./testing/run-command";

const program = await createProgram(commandNames, { loadZoo: async () => defaultZoo });
const isInstalled = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** The completions of a command line whose last word is not complete. */
function completions(...words: readonly string[]): readonly string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _dmrec; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", `${completionScript(program, "bash")}\n${line}`], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

it.skipIf(!isInstalled("bash"))("completes commands, options and choices in bash", () => {
  expect(completions("dmrec", "tr")).toEqual(["train"]);
  expect(completions("dmrec", "")).toContain("recommend");
  expect(completions("dmrec", "")).not.toContain("search-trial");
  expect(completions("dmrec", "train", "--minimum")).toEqual(["--minimum-rating"]);
  expect(completions("dmrec", "train", "--split-by", "")).toEqual(["random", "time"]);
  expect(completions("dmrec", "train", "--split-by", "t")).toEqual(["time"]);
  expect(completions("dmrec", "completion", "f")).toEqual(["fish"]);
  // A file is completed by the shell itself.
  expect(completions("dmrec", "train", "--data", "x")).toEqual([]);
});

it.each(["bash", "zsh", "fish"])("prints a script that %s accepts", async (shell) => {
  const { stdout, status } = await runCommandLine("completion", shell);
  expect(status).toBe(0);
  for (const command of program.commands.map((each) => each.name()))
    expect(stdout.includes(command)).toBe(command !== "search-trial");
  if (!isInstalled(shell)) return;
  const checked = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
  expect([checked.stderr, checked.status]).toEqual(["", 0]);
});

it("loads the models for the flags of a command, and not for the list of commands", () => {
  const cli = join(import.meta.dirname, "..", "..", "dist", "cli.js");
  const showLoaded = `import { Module } from "node:module"; process.on("exit", () => console.error(...Object.keys(Module._cache)));`;
  const loadedBy = (...words: readonly string[]) =>
    spawnSync(process.execPath, ["--import", `data:text/javascript,${showLoaded}`, cli, ...words], {
      encoding: "utf8",
    }).stderr;
  const heavy = /tfjs-core|onnxruntime|lmdb|jiti/;
  expect(loadedBy("--help")).not.toMatch(heavy);
  // A language model writes profiles without a recommender.
  expect(loadedBy("profiles", "--help")).not.toMatch(/tfjs-core|onnxruntime/);
  expect(loadedBy("train", "--help")).toMatch(/tfjs-core/);
});

it("refuses another shell with those that there are", async () => {
  const { stderr, status } = await runCommandLine("completion", "tcsh");
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/);
  expect(status).toBe(1);
});
