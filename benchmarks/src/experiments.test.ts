import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRecord, recordEnding, writeRecord } from "./experiments/run-record";
import { sampleRecord } from "./experiments/testing/sample-record";
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

/** Runs figure 2 on the tiny data, and passes each line of the output on. */
const figure2 = (
  runs: string,
  args: readonly string[] = [],
  onLine?: (line: string, kill: () => void) => void,
) => experiments(["--data", data, "--runs", join(folder, runs), "--jobs", "2", ...args], onLine);

async function experiments(
  args: readonly string[],
  onLine: (line: string, kill: () => void) => void = () => {},
) {
  const command = join(import.meta.dirname, "../dist/experiments.js");
  const flags = ["--only", "figure-2", "--quick", "--embeddings", "default", ...args];
  const child = spawn(process.execPath, [command, ...flags], { cwd: import.meta.dirname });
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
  const report = join(folder, runs, set, "report");
  const records = join(report, "records");
  const files = (await readdir(records)).sort();
  const entries = files.map(async (file) => {
    const record = await readRecord(join(records, file));
    return [
      file,
      { ...record, secondsPerEpoch: 0, curve: record?.curve.map((point) => ({ ...point, seconds: 0 })) },
    ] as const;
  });
  return { report, numbers: new Map(await Promise.all(entries)) };
}

describe("npm run experiments", () => {
  it("makes figure 2 of a small set, and the same numbers if it is killed again and again", {
    timeout,
  }, async () => {
    const { code, output } = await figure2("whole");
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
      const hurt = await figure2("killed", [], (line, kill) => {
        if (!isHurt && /\(process \d+\): epoch/.test(line)) kill();
        isHurt ||= /\(process \d+\): epoch/.test(line);
      });
      if (hurt.code === 0) break;
    }
    expect(killed).toBeGreaterThan(0);
    expect((await figure2("killed")).code).toBe(0);
    const { numbers } = await numbersOf("killed");
    expect(numbers.size).toBe(4);
    for (const [file, record] of numbers) expect(record).toEqual(whole.numbers.get(file));

    // The folder of a report is enough to make it again, without data and runs, and to continue it elsewhere.
    const copy = join(folder, "copy");
    await cp(join(whole.report, "records"), join(copy, "records"), { recursive: true });
    expect((await experiments(["--report-only", "--report", copy])).code).toBe(0);
    const [first, again] = await Promise.all(
      [whole.report, copy].map((report) => readFile(join(report, "report.md"), "utf8")),
    );
    expect(again).toBe(first);
    const others = await experiments(["--report-only", "--report", copy, "--embeddings", "given"]);
    expect([others.code, others.output]).toEqual([
      1,
      expect.stringMatching(/no record in .*records is of a run of this command; expected the flags/),
    ]);
    expect(await readFile(join(copy, "report.md"), "utf8")).toBe(first);
    const continued = await figure2("elsewhere", ["--report", copy]);
    expect(continued.output).toContain("4 of 4 runs are finished.");
  });

  it("refuses a report of other data, and no data at all", { timeout }, async () => {
    const other = join(folder, "other", "records");
    await writeRecord(join(other, `base-1${recordEnding}`), sampleRecord(1, [0.5]));
    const refused = await figure2("refused", ["--report", join(other, "..")]);
    expect([refused.code, refused.output]).toEqual([
      1,
      expect.stringMatching(
        /is of a run on "sample" \(0123456789ab\); expected runs on "data" \([0-9a-f]{12}\), or another folder by --report/,
      ),
    ]);
    const empty = await experiments(["--report-only", "--report", folder]);
    expect([empty.code, empty.output]).toEqual([
      1,
      expect.stringContaining("expected a folder of data, or --report"),
    ]);
  });
});
