import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SplitDataset } from "@dmrec/core";
import { loadDataset } from "@dmrec/data";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ItemFinder } from "./find-items";

let folder: string;
let data: SplitDataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-find-items-"));
  const titles = ["Tea", "Milk, sweet", "Milk", "sweet"].map((title, item) => `B${item},"${title}"`);
  const events = [0, 1, 2].flatMap((user) => [0, 1, 2, 3].map((item) => `u${user},B${item}`));
  await writeFile(join(folder, "interactions.csv"), `user,item\n${events.join("\n")}\n`);
  await writeFile(join(folder, "items.csv"), `id,title\n${titles.join("\n")}\n`);
  data = await loadDataset(folder, { onWarning() {} });
});
afterAll(() => rm(folder, { recursive: true }));

const found = (text: string) =>
  new ItemFinder(data).find(text, (message) => new Error(message)).map((item) => data.itemIds[item]);

it.each([
  ["B0", ["B0"]],
  [" B0 , B3,", ["B0", "B3"]],
  ["tea, B1", ["B0", "B1"]],
  ["Tea,Milk, sweet", ["B0", "B1"]],
  ["Milk,Tea", ["B2", "B0"]],
  ["", []],
])("finds the items of %j by identifier or the longest name", (text, ids) => {
  expect(found(text)).toEqual(ids);
});

it("names similar items for an unknown one", () => {
  expect(() => found("Tea, mil")).toThrow('no item "mil"; expected an identifier or a name, such as "Milk');
});
