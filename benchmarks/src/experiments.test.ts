import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRecord } from "./experiments/run-record";
import { writeTinyData } from "./experiments/testing/tiny-data";

/** Many processes, each of which loads tfjs. */
const timeout = 900_000;

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-experiments-"));
  data = join(folder, "data");
  await writeTinyData(data);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command on the tiny data, and passes each line of its output on. */
async function experiments(
  runs: string,
  args: readonly string[],
  onLine: (line: string, kill: () => void) => void = () => {},
) {
  const command = [
    join(import.meta.dirname, "../dist/experiments.js"),
    "--data",
    data,
    "--runs",
    join(folder, runs),
  ];
  const flags = [...command, "--quick", "--embeddings", "default", "--jobs", "2", ...args];
  const child = spawn(process.execPath, flags, { cwd: import.meta.dirname });
  const [output, processes]: [string[], Set<number>] = [[], new Set()];
  child.stderr.on("data", (chunk: Buffer) => output.push(String(chunk)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    output.push(line);
    const pid = Number(line.match(/\(process (\d+)\)/)?.[1]);
    if (pid) processes.add(pid);
    onLine(line, () => child.kill("SIGKILL"));
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  // The processes of a killed command save, and end.
  for (const pid of processes) while (isAlive(pid)) await setTimeout(50);
  return { code, output: output.join("\n") };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Everything of the finished runs that does not depend on time, by file. */
async function numbersOf(runs: string) {
  const [set] = await readdir(join(folder, runs));
  const records = join(folder, runs, set, "records");
  const files = (await readdir(records)).sort();
  const entries = files.map(async (file) => {
    const record = await readRecord(join(records, file));
    return [
      file,
      { ...record, secondsPerEpoch: 0, curve: record?.curve.map((point) => ({ ...point, seconds: 0 })) },
    ] as const;
  });
  return { report: join(folder, runs, set, "report"), numbers: new Map(await Promise.all(entries)) };
}

describe("npm run experiments", () => {
  it("makes figure 2 of a small set, and the same numbers if it is killed again and again", {
    timeout,
  }, async () => {
    const { code, output } = await experiments("whole", ["--only", "figure-2"]);
    expect([code, output]).toEqual([0, expect.stringMatching(/The report is /)]);
    const whole = await numbersOf("whole");
    expect(whole.numbers.size).toBe(4);
    const files = await readdir(whole.report);
    expect(files).toContain("claims.md");
    expect(await readFile(join(whole.report, "report.md"), "utf8")).toMatch(/CVGA, DMRec-M/);

    const kills = 2;
    let killed = 0;
    for (; killed < kills; killed += 1) {
      let isHurt = false;
      const hurt = await experiments("killed", ["--only", "figure-2"], (line, kill) => {
        if (!isHurt && /\(process \d+\): epoch/.test(line)) kill();
        isHurt ||= /\(process \d+\): epoch/.test(line);
      });
      if (hurt.code === 0) break;
    }
    expect(killed).toBeGreaterThan(0);
    expect((await experiments("killed", ["--only", "figure-2"])).code).toBe(0);
    const { numbers } = await numbersOf("killed");
    expect(numbers.size).toBe(4);
    for (const [file, record] of numbers) expect(record).toEqual(whole.numbers.get(file));
  });
});
