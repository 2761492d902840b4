import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidOptionsError } from "@dmrec/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { holdDirectory } from "./hold-directory";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-hold-"));
});
afterEach(() => rm(folder, { recursive: true }));

const hold = (directory: string) => holdDirectory(directory, { owner: "dmrec train", flag: "--out" });

it("holds a directory, by any path to it, until it is disposed of", async () => {
  const run = join(folder, "run");
  {
    await using _held = await hold(run);
    await symlink(run, join(folder, "link"));
    await expect(hold(run)).rejects.toThrow(InvalidOptionsError);
    await expect(hold(join(folder, "link"))).rejects.toThrow(
      /dmrec train: --out: another process is working in .*link; wait for it or stop it, or name another folder/,
    );
    await using _other = await hold(join(folder, "other"));
  }
  await using _again = await hold(run);
});

it("is free again when the process that held it was killed", async () => {
  const run = join(folder, "run");
  const module = JSON.stringify(join(import.meta.dirname, "hold-directory.ts"));
  const script = `import(${module}).then(({ holdDirectory }) => holdDirectory(${JSON.stringify(run)}, { owner: "a", flag: "b" })).then(() => { console.log("held"); setInterval(() => {}, 1000); });`;
  const other = spawn(process.execPath, ["--import", "tsx", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: import.meta.dirname,
  });
  await once(other.stdout, "data");
  await expect(hold(run)).rejects.toThrow(/another process/);
  other.kill("SIGKILL");
  await once(other, "exit");
  await using _held = await hold(run);
}, 30_000);
