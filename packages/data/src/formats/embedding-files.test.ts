import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, InvalidDataError, ShapeMismatchError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadDataset } from "../load/load-dataset";
import { syntheticCatalogue } from "../synthetic/synthetic-catalogue";
import { readProfileEmbeddings, writeProfileEmbeddings } from "./embedding-files";
import { fixture } from "./fixtures/fixture";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-language-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("embeddings as files", () => {
  it("are read as they were written, and by loadDataset with the identifiers of their rows", async () => {
    const data = syntheticCatalogue({ users: 12, items: 10, embeddingWidth: 3 });
    await writeProfileEmbeddings(folder, data);
    expect(await readProfileEmbeddings(folder)).toEqual(data.profileEmbeddings);
    expect((await readdir(folder)).sort()).toEqual([
      "item_embeddings.npy",
      "item_ids.json",
      "user_embeddings.npy",
      "user_ids.json",
    ]);
    const events = data.userIds.map((user, row) => `${user},${data.itemIds[row % 10]}`);
    await writeFile(join(folder, "interactions.csv"), ["user_id,item_id", ...events, ...events].join("\n"));
    const loaded = await loadDataset(folder, { onWarning: () => {} });
    expect(loaded.profileEmbeddings).toEqual(data.profileEmbeddings);
    expect(loaded.itemIds).toEqual(data.itemIds);
  });

  it("are read from RLMRec's pickles", async () => {
    const pickle = fixture("array-C-protocol-4.pkl");
    await writeFile(join(folder, "usr_emb_np.pkl"), pickle);
    await writeFile(join(folder, "itm_emb_np.pkl"), pickle);
    const { users, items } = await readProfileEmbeddings(folder);
    expect([users.rowCount, users.columnCount]).toEqual([3, 2]);
    expect(items).toEqual(users);
  });

  it("are refused where there are none, or not one for each row", async () => {
    const { profileEmbeddings: _, ...bare } = syntheticCatalogue({ users: 12, items: 10 });
    await expect(readProfileEmbeddings(folder)).rejects.toThrow(InvalidDataError);
    await expect(writeProfileEmbeddings(folder, bare)).rejects.toThrow(/no embeddings/);
    const data = syntheticCatalogue({ users: 12, items: 10 });
    await expect(writeProfileEmbeddings(folder, { ...data, userIds: ["one"] })).rejects.toThrow(
      ShapeMismatchError,
    );
  });

  it("name the folder or file that cannot be written", async () => {
    const data = syntheticCatalogue({ users: 12, items: 10 });
    await writeFile(join(folder, "file"), "");
    const refused = async (target: string, message: RegExp) => {
      const writing = writeProfileEmbeddings(target, data);
      await expect(writing).rejects.toThrow(FileError);
      await expect(writing).rejects.toThrow(message);
    };
    await refused(join(folder, "file"), /file: cannot be made a folder \(EEXIST/);
    await mkdir(join(folder, "item_embeddings.npy"));
    await refused(folder, /item_embeddings\.npy: is a folder; name a file to write/);
  });
});
