import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, InvalidDataError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TrialLog, type TrialOutcome } from "./trial-log";

let folder: string;
let file: string;
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-trials-"));
  file = join(folder, "trials.jsonl");
  notes = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => TrialLog.open(folder, (text) => notes.push(text));
const reached = (recall: number): TrialOutcome => ({
  kind: "finished",
  metrics: { "recall@20": recall },
  bestEpoch: 9,
  epochs: 12,
});
const logged = (trial: string, recall = 0.15) => ({
  trial,
  epochLimit: 12,
  settings: { dropout: 0.5 },
  outcome: reached(recall),
});

describe("TrialLog", () => {
  it("finds the trials of an earlier search, with their number of epochs", async () => {
    const log = await open();
    await log.add(logged("a"));
    await log.add({ ...logged("b"), outcome: { kind: "failed", message: "NaN" } });
    const again = await open();
    expect(again.find({ trial: "a", epochLimit: 12 })).toEqual(reached(0.15));
    expect(again.find({ trial: "b", epochLimit: 12 })).toEqual({ kind: "failed", message: "NaN" });
    expect(again.find({ trial: "a", epochLimit: 13 })).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it("keeps trials that end together", async () => {
    const log = await open();
    await Promise.all(Array.from({ length: 20 }, (_, index) => log.add(logged(`t${index}`, index / 20))));
    expect((await open()).find({ trial: "t19", epochLimit: 12 })).toEqual(reached(0.95));
    expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(20);
  });

  it("drops a last line that was cut off, reports it, and continues on a new line", async () => {
    await (await open()).add(logged("a"));
    await appendFile(file, JSON.stringify(logged("b")).slice(0, 30));
    await (await open()).add(logged("c"));
    expect(notes).toEqual([`${file}: the last line was cut off and is dropped; its trial is repeated`]);
    const again = await open();
    expect(["a", "b", "c"].map((trial) => again.find({ trial, epochLimit: 12 }) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("names a line that is no trial, and a folder that cannot be used", async () => {
    await (await open()).add(logged("a"));
    await appendFile(file, '{"trial": 3}\n');
    await expect(open()).rejects.toThrow(
      /trials\.jsonl, line 2: no trial \(trial: 3; expected a text\).*add --fresh/,
    );
    await expect(open()).rejects.toThrow(InvalidDataError);
    const occupied = join(folder, "a-file");
    await writeFile(occupied, "");
    await expect(TrialLog.open(occupied, () => {})).rejects.toThrow(FileError);
  });
});
