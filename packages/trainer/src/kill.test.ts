import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
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

/** Starts or resumes the run; kills it with SIGKILL `delay` milliseconds after its first step, where a delay is given. */
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
    for (let attempt = 0; last.killed && attempt < 6; attempt += 1) {
      delays.push(random.integer(250));
      last = await run("killed", attempt < 5 ? delays[attempt] : undefined);
    }
    expect(delays.length, "kills before the end").toBeGreaterThan(1);
    expect(last.result, `after kills at ${delays.join(", ")} ms`).toBe(whole.result);
    expect(whole.result).toContain("recall@20");
  });

  it("that finds the disk full says so and keeps what it had", async () => {
    // A limit on the size of files stands for the full disk: the checkpoint does not fit, the manifest does.
    const { stderr, status } = spawnSync(
      "bash",
      [
        "-c",
        `trap "" XFSZ; ulimit -f 8; exec "$0" "$1" "$2"`,
        process.execPath,
        script,
        join(directory, "full"),
      ],
      {
        encoding: "utf8",
      },
    );
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/CheckpointError: .*checkpoint\.json: could not be written \(EFBIG/);
    expect(await readdir(join(directory, "full"))).toEqual(["manifest.json"]);
  });
});
