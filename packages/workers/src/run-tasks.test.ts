import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { RuntimeError } from "@dmrec/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FinishedTask, runTasks, type Task } from "./index";
import { countingProcesses, countingTask } from "./testing/counting";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-workers-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs tasks in processes, and returns their ends in their order with everything that was reported. */
async function run(
  tasks: readonly Task[],
  onReport: (text: string) => void = () => {},
  abortSignal = new AbortController().signal,
) {
  const ends: FinishedTask[] = [];
  const reports: string[] = [];
  const ended = await runTasks(tasks, {
    place: countingProcesses(),
    atATime: 2,
    abortSignal,
    report: (text) => {
      reports.push(text);
      onReport(text);
    },
    onEnd: async (end, index) => {
      ends[index] = end;
    },
  });
  return { ended, ends, reports: reports.join("\n") };
}

const task = (name: string, until: number, more: { deadly?: number; failure?: string } = {}) =>
  countingTask(name, { file: join(folder, name), until, ...more });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const counted = (until: number) => ({ kind: "result", result: { counted: until } });

describe("runTasks with localProcesses", () => {
  it("gives the results in the order of tasks, and what processes report, each of which does one task after the other", async () => {
    const { ended, ends, reports } = await run([task("a", 9), task("b", 2), task("c", 3)]);
    expect([ended, ends]).toEqual([3, [counted(9), counted(2), counted(3)]]);
    expect(reports).toMatch(/^c \(process \d+\): count 1 from 0$/m);
    expect(new Set(reports.match(/\(process \d+\)/g)).size).toBe(2);
  });

  it("ends with its tasks: processes without one neither keep it nor outlive it", async () => {
    const source = `
      import { localProcesses, runTasks } from ${JSON.stringify(join(import.meta.dirname, "../dist/index.js"))};
      const place = localProcesses({ file: ${JSON.stringify(join(folder, "answer.mjs"))} });
      const { signal } = new AbortController();
      const tasks = [{ label: "a", data: {} }];
      await runTasks(tasks, { place, atATime: 1, abortSignal: signal, report() {}, onEnd: async ({ result }) => console.log(result.pid) });`;
    const answer = `
      import { answerTasks } from ${JSON.stringify(join(import.meta.dirname, "../dist/index.js"))};
      await answerTasks(async () => ({ pid: process.pid }));`;
    await writeFile(join(folder, "answer.mjs"), answer);
    await writeFile(join(folder, "parent.mjs"), source);
    const parent = spawn(process.execPath, [join(folder, "parent.mjs")]);
    const [output, [status]] = await Promise.all([text(parent.stdout), once(parent, "exit")]);
    expect([status, output]).toEqual([0, expect.stringMatching(/^\d+\n$/)]);
    await expect.poll(() => isAlive(Number(output)), { timeout: 10_000 }).toBe(false);
  });

  it("starts a task again whose process is killed, from where it was, and gives one up that kills its own", async () => {
    let killed = false;
    const { ends, reports } = await run([task("hurt", 30), task("deadly", 5, { deadly: 3 })], (text) => {
      const pid = Number(text.match(/^hurt \(process (\d+)\): count 5 /)?.[1]);
      if (pid && !killed) killed = process.kill(pid, "SIGKILL");
    });
    expect(ends[0]).toEqual(counted(30));
    expect(reports).toMatch(/hurt: its process ended early \(SIGKILL\)/);
    expect(reports).toMatch(/hurt \(process \d+\): count \d+ from [5-9]/);
    expect(ends[1]).toEqual({ kind: "lost", message: "its process ended early 3 times (SIGKILL)" });
  });

  it("saves the tasks in progress if one fails, and names it", async () => {
    const tasks = [task("long", 10_000), task("failing", 1, { failure: "no such data" })];
    await expect(run(tasks)).rejects.toThrow(new RuntimeError("failing: no such data"));
  });

  it("saves the tasks in progress if it is stopped, begins no other, and goes on in the next call", async () => {
    const controller = new AbortController();
    const tasks = [task("first", 250), task("second", 250), task("third", 10)];
    // On a busy machine, one of the two begins much later than the other.
    const begun = new Set<string>();
    const stopped = await run(
      tasks,
      (text) => {
        const [label] = text.split(" ");
        if (/count 7 /.test(text)) begun.add(label);
        if (begun.size === 2) controller.abort();
      },
      controller.signal,
    );
    expect(stopped.ended).toBe(0);
    expect(Number(await readFile(join(folder, "first"), "utf8"))).toBeLessThan(250);
    const { ends, reports } = await run(tasks);
    expect(ends).toEqual([counted(250), counted(250), counted(10)]);
    expect(reports).not.toMatch(/first .*count 1 from/);
    expect(reports).toMatch(/third .*count 1 from 0/);
  });
});
