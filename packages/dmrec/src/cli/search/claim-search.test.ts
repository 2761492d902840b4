import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimSearch } from "./claim-search";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-claim-search-"));
});
afterEach(() => rm(folder, { recursive: true }));

const claim = () => claimSearch(folder, "dmrec search");

it("takes an empty folder, one that is not there, and one of a search that was killed before its first trial ended", async () => {
  await claim();
  await claimSearch(join(folder, "none"), "dmrec search");
  await mkdir(join(folder, "trials"));
  for (const name of [".DS_Store", "user_embeddings.npy", "item_embeddings.npy.0f3a91c2aa00.tmp"])
    await writeFile(join(folder, name), "");
  await claim();
});

it("takes the folder of a search, whatever was put beside it", async () => {
  await writeFile(join(folder, "trials.jsonl"), "");
  await writeFile(join(folder, "notes.txt"), "");
  await claim();
});

it.each([
  ["run.json", /holds a run; name a new folder, such as .*search$/],
  ["interactions.csv", /holds files that are no search/],
])("refuses a folder with %s, even one with trials", async (name, message) => {
  await writeFile(join(folder, name), "");
  await mkdir(join(folder, "trials"));
  await expect(claim()).rejects.toThrow(message);
});
