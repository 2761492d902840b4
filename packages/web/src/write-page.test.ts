import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { FileError, type FittedRecommender, InvalidDataError, UnsupportedError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageContentSchema } from "./content/page-content";
import { suggestionsOf } from "./content/suggestions";
import { type PageOptions, writePage } from "./index";

const data = syntheticCatalogue({ users: 30, items: 20 });
const options: PageOptions = {
  data,
  itemNames: data.itemNames ?? [],
  reads: { interactions: true, profile: false, userIndex: false },
  exportModel: (file) => model.export(file, data),
};

let folder: string;
let model: FittedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-write-page-"));
  const trainer = await createTrainer({ epochs: 1 });
  const { itemCount } = data;
  model = await trainer.fit(multVae({ itemCount, hiddenDimension: 4, latentDimension: 4 }), data);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

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

  it("has the ranking for anyone, for the time before the browser has the model", async () => {
    const place = join(folder, "anyone");
    await writePage(place, options);
    const { anyone } = pageContentSchema.parse(JSON.parse(await readFile(join(place, "page.json"), "utf8")));
    const best = await model.recommend({ interactions: [], count: 20 });
    expect(anyone).toEqual(best.map(({ item }) => item));
  });

  it("refuses a file that is no model", async () => {
    const exportModel = (file: string) => writeFile(file, "a model");
    await expect(writePage(join(folder, "damaged"), { ...options, exportModel })).rejects.toThrow(
      InvalidDataError,
    );
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
