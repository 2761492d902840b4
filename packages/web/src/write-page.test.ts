import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, UnsupportedError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageContentSchema } from "./content/page-content";
import { suggestionsOf } from "./content/suggestions";
import { type PageOptions, writePage } from "./index";

const data = syntheticCatalogue({ users: 30, items: 20 });
const options: PageOptions = {
  data,
  itemNames: data.itemNames ?? [],
  reads: { interactions: true, profile: true, userIndex: false },
  exportModel: (file) => writeFile(file, "a model"),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-write-page-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writePage", () => {
  it("writes the program, the model and the content, and again over an older page", async () => {
    const place = join(folder, "new", "page");
    await writePage(place, options);
    const files = (await readdir(place)).sort();
    expect(files).toEqual(["assets", "index.html", "model.onnx", "page.json"]);
    await writeFile(join(place, "assets", "older.js"), "");
    await writePage(place, options);
    expect(await readdir(join(place, "assets"))).not.toContain("older.js");
    const content = pageContentSchema.parse(JSON.parse(await readFile(join(place, "page.json"), "utf8")));
    expect(content).toMatchObject({
      title: data.name,
      readsTexts: false,
      readsPicks: true,
      itemNames: data.itemNames,
    });
    expect(content.popularity.reduce((sum, users) => sum + users)).toBe(data.train.items.length);
  });

  it("refuses a model that no page can ask", async () => {
    const known = { interactions: false, profile: false, userIndex: true };
    await expect(writePage(folder, { ...options, reads: known })).rejects.toThrow(UnsupportedError);
    const unasked = { interactions: false, profile: true, userIndex: false };
    await expect(writePage(folder, { ...options, reads: unasked })).rejects.toThrow(
      /expected one that reads/,
    );
  });

  it("refuses a folder that cannot be written", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(writePage(join(folder, "file", "page"), options)).rejects.toThrow(FileError);
  });
});

it("suggests the most frequent tags", () => {
  const tags = ["sea", "space", "space", "x".repeat(60)].map((tag) => ({ tags: [tag] }));
  expect(suggestionsOf([...tags, {}])).toEqual(["space", "sea"]);
  expect(suggestionsOf(undefined)).toEqual([]);
});
