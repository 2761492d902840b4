import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, InvalidOptionsError, type Profile } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadDataset } from "../load/load-dataset";
import { readPickledProfiles } from "./pickle/pickled-profiles";
import { readProfiles, writeProfiles } from "./profile-files";

const profiles: Profile[] = [
  { status: "ok", summary: "Fond of “wit”.\nAnd 🎻.", reasoning: "The title." },
  { status: "insufficient", reasoning: "Nothing is known." },
  { status: "ok", summary: "x".repeat(300), reasoning: "" },
];
const ids = ["a", "b/\u2028", "c"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("files of profiles", () => {
  it.each(["itm_prf.pkl", "items.jsonl"])("%s comes back as it was", async (name) => {
    const file = join(folder, name);
    await writeProfiles(file, profiles, { ids });
    expect(await readProfiles(file, { ids })).toEqual(new Map(ids.map((id, index) => [id, profiles[index]])));
    await writeProfiles(file, profiles);
    expect([...(await readProfiles(file)).keys()]).toEqual(["0", "1", "2"]);
  });

  it("of numbered items are by number, whatever their order, as loadDataset takes them", async () => {
    await writeFile(join(folder, "interactions.csv"), "user,item\nann,2\nann,0\nbob,1\nbob,2\n");
    const { itemIds } = await loadDataset(folder, { onWarning: () => {} });
    expect(itemIds).toEqual(["2", "0", "1"]);
    const named = itemIds.map((id): Profile => ({ status: "ok", summary: `item ${id}`, reasoning: "" }));
    for (const name of ["itm_prf.pkl", "item_profiles.jsonl"]) {
      const file = join(folder, name);
      await writeProfiles(file, named, { ids: itemIds });
      const { itemProfiles } = await loadDataset(folder, { onWarning: () => {} });
      expect(itemProfiles).toEqual(["item 2", "item 0", "item 1"]);
      expect((await readProfiles(file, { ids: itemIds })).get("2")).toEqual(named[0]);
      await rm(file);
    }
  });

  it.each([
    [
      ["007", "7"],
      [0, 1],
    ],
    [
      ["1", "1e3"],
      [0, 1],
    ],
    [
      ["9999999999", "7"],
      [9_999_999_999, 7],
    ],
    [
      ["9007199254740993", "7"],
      [0, 1],
    ],
  ])("of %j lose none in a pickle", async (numbered, indices) => {
    const file = join(folder, "itm_prf.pkl");
    await writeProfiles(file, profiles.slice(0, 2), { ids: numbered });
    expect([...(await readPickledProfiles(file)).keys()]).toEqual(indices);
    const expected = new Map(numbered.map((id, index) => [id, profiles[index]]));
    expect(await readProfiles(file, { ids: numbered })).toEqual(expected);
  });

  it("are refused by identifiers that are not distinct", async () => {
    const file = join(folder, "itm_prf.pkl");
    const twice = { ids: ["a", "b", "a"] };
    await expect(writeProfiles(file, profiles, twice)).rejects.toThrow(
      /writeProfiles: ids: "a" is there twice/,
    );
    await writeProfiles(file, profiles);
    await expect(readProfiles(file, twice)).rejects.toThrow(/readProfiles: ids: "a" is there twice/);
  });

  it("are refused with options that cannot be", async () => {
    const file = join(folder, "items.jsonl");
    const options: object = { missing: "none", id: ["a"] };
    const writing = writeProfiles(file, profiles, options);
    await expect(writing).rejects.toThrow(InvalidOptionsError);
    await expect(writing).rejects.toThrow(/writeProfiles: missing: .*"id"/);
    await expect(readProfiles(file, options)).rejects.toThrow(/readProfiles: .*"missing"/);
  });

  it("have an entry for everybody, or are not written", async () => {
    const file = join(folder, "usr_prf.pkl");
    const withGap = [profiles[0], undefined, undefined];
    await expect(writeProfiles(file, withGap, { ids })).rejects.toThrow(
      /usr_prf\.pkl: 2 of 3 profiles are missing, the first that of "b/,
    );
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await writeProfiles(file, withGap, { missing: "empty" });
    expect([...(await readPickledProfiles(file)).keys()]).toEqual([0, 1, 2]);
    expect((await readProfiles(file)).get("2")).toEqual({ status: "insufficient", reasoning: "" });
  });

  it.each(["none/itm_prf.pkl", "none/items.jsonl"])("%s of a missing folder is a FileError", async (name) => {
    const writing = writeProfiles(join(folder, name), profiles);
    await expect(writing).rejects.toThrow(FileError);
    await expect(writing).rejects.toThrow(`${join(folder, name)}: could not be written (ENOENT`);
  });

  it.each([
    ['{"id":1,"profile":"a"}\n{"id":1,"profile":"b"}', /items\.jsonl, line 2: "1" is there twice/],
    ['{"id":1,"profile":"a"}\n\n{"id":2,"prof', /items\.jsonl, line 3: no valid JSON/],
    ['{"id":1}', /items\.jsonl, line 1: no profile; expected an object with "id"/],
  ])("are refused as %j", async (content, message) => {
    const file = join(folder, "items.jsonl");
    await writeFile(file, content);
    await expect(readProfiles(file)).rejects.toThrow(message);
  });

  it("are refused where they are of another kind, absent, or of more indices than identifiers", async () => {
    await expect(readProfiles("items.txt")).rejects.toThrow(/"items\.txt" ends in neither \.pkl nor \.jsonl/);
    await expect(readProfiles(join(folder, "a.jsonl"))).rejects.toThrow(/cannot be read \(ENOENT/);
    const file = join(folder, "itm_prf.pkl");
    await writeProfiles(file, profiles);
    await expect(readProfiles(file, { ids: ["a"] })).rejects.toThrow(
      /index 1; expected an index of one of the 1 identifiers/,
    );
  });
});
