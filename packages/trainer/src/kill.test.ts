import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RandomGenerator } from "@dmrec/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "testing", "killable-run.mjs");

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-kill-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Starts or resumes the run; kills it with SIGKILL `delay` milliseconds after its first step, if a delay is given. */
function run(
  name: string,
  delay?: number,
): Promise<{ readonly killed: boolean; readonly result: string | undefined }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, join(directory, name)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (delay !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), delay);
    });
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === "SIGKILL", result: /^result (.*)$/m.exec(output)?.[1] });
    });
  });
}

describe("a run on the built packages", () => {
  it("that is killed again and again ends with the metrics of one that was not, to the bit", async () => {
    const whole = await run("whole");
    const random = RandomGenerator.fromSeed(Date.now());
    const delays: number[] = [];
    let last = { killed: true, result: whole.result };
    for (let attempt = 0; last.killed && attempt < 4; attempt += 1) {
      delays.push(random.integer(250));
      last = await run("killed", attempt < 3 ? delays[attempt] : undefined);
    }
    expect(delays.length, "kills before the end").toBeGreaterThan(1);
    expect(last.result, `after kills at ${delays.join(", ")} ms`).toBe(whole.result);
    expect(whole.result).toContain("recall@20");
  });

  it("that finds the disk full says so and keeps what it had", async ({ skip }) => {
    const disk = join(directory, "disk");
    await mkdir(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", disk]).status === 0;
    if (!mounted) skip("a small file system cannot be mounted here");
    try {
      const { stderr, status } = spawnSync(process.execPath, [script, disk], { encoding: "utf8" });
      expect(status).toBe(1);
      expect(stderr).toMatch(/checkpoint\S*: could not be written \(ENOSPC/);
      expect(await readdir(disk)).toEqual(["manifest.json"]);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
