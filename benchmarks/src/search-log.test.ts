import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SearchLog, type SearchSetup } from "./search-log";

const setup = { data: "a653c7643e89", settings: "amazon-book", seed: 2024, epochLimit: 1000 };
const outcome = (recall: number, changes = {}) => ({
  changes,
  "recall@20": recall,
  "ndcg@20": recall / 2,
  bestEpoch: 9,
  epochs: 12,
});

let folder: string;
let file: string;
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-search-"));
  file = join(folder, "books-cvga.jsonl");
  notes = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = (changed: Partial<SearchSetup> = {}) =>
  SearchLog.open(folder, "books-cvga", { ...setup, ...changed }, (text) => notes.push(text));

describe("SearchLog", () => {
  it("finds the trials of an earlier search, whatever the order of their changes", async () => {
    const first = await open();
    await first.add(outcome(0.15, { dropout: 0, klWeight: 1 }));
    expect((await open()).find({ klWeight: 1, dropout: 0 })?.["recall@20"]).toBe(0.15);
    expect((await open()).find({ klWeight: 1 })).toBeUndefined();
  });

  it.each([{ data: "other" }, { settings: "yelp" }, { seed: 6 }, { epochLimit: 3 }])(
    "takes no trial for one with %j",
    async (changed) => {
      await (await open()).add(outcome(0.15));
      expect((await open(changed)).find({})).toBeUndefined();
    },
  );

  it("writes a table for each setup, with the setup above it and the best trial first", async () => {
    const log = await open();
    await log.add(outcome(0.15));
    await log.add(outcome(0.16, { dropout: 0 }));
    await (await open({ epochLimit: 3 })).add(outcome(0.1));
    expect(
      await readFile(join(folder, "books-cvga.md"), "utf8"),
    ).toBe(`# books-cvga: trials on the validation part

Data a653c7643e89, settings amazon-book, seed 2024, at most 1000 epochs:

| changed | Recall@20 | NDCG@20 | best epoch |
| --- | --- | --- | --- |
| dropout 0 | 0.1600 | 0.0800 | 9/12 |
| nothing | 0.1500 | 0.0750 | 9/12 |

Data a653c7643e89, settings amazon-book, seed 2024, at most 3 epochs:

| changed | Recall@20 | NDCG@20 | best epoch |
| --- | --- | --- | --- |
| nothing | 0.1000 | 0.0500 | 9/12 |
`);
  });

  it("keeps trials that end together", async () => {
    const log = await open();
    const rates = Array.from({ length: 20 }, (_, index) => index / 20);
    await Promise.all(rates.map((dropout) => log.add(outcome(0.15 + dropout, { dropout }))));
    const table = await readFile(join(folder, "books-cvga.md"), "utf8");
    expect(table.match(/^\| dropout 0(\.\d+)? \|.*\|$/gm)).toHaveLength(20);
    expect((await open()).find({ dropout: 0.95 })).toBeDefined();
  });

  it("drops a last line that was cut off, reports it, and continues on a new line", async () => {
    await (await open()).add(outcome(0.15));
    await appendFile(file, '{"data":"a653c7643e89","settings":"amaz');
    const log = await open();
    expect(notes).toEqual([`${file}: the last line was cut off and is dropped; its trial is repeated`]);
    await log.add(outcome(0.16, { dropout: 0 }));
    const again = await open();
    expect([again.find({})?.["recall@20"], again.find({ dropout: 0 })?.["recall@20"]]).toEqual([0.15, 0.16]);
    expect(notes).toHaveLength(1);
  });

  it("keeps a last line if only its line end is missing", async () => {
    await (await open()).add(outcome(0.15));
    await writeFile(file, (await readFile(file, "utf8")).trimEnd());
    await (await open()).add(outcome(0.16, { dropout: 0 }));
    expect((await open()).find({})?.["recall@20"]).toBe(0.15);
    expect(notes).toEqual([]);
  });

  it.each([
    ["no JSON", "no trial \\("],
    ['{"changes":{},"seed":2024}', "no trial \\(data: "],
  ])("names the file and the line of %j", async (line, problem) => {
    await (await open()).add(outcome(0.15));
    await appendFile(file, `${line}\n`);
    await expect(open()).rejects.toThrow(
      new RegExp(`books-cvga\\.jsonl, line 2: ${problem}.*expected a JSON object of data, settings, seed`),
    );
  });

  it("does not treat an unreadable log as an empty one", async () => {
    await mkdir(file);
    const error = await open().catch((reason: unknown) => reason);
    expect(InvalidDataError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(/books-cvga\.jsonl: cannot be read \(EISDIR\)/);
  });
});
