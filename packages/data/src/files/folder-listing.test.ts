import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { expect, it } from "vitest";
import { listFolder } from "./folder-listing";

it("says why a folder cannot be listed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-listing-"));
  await writeFile(join(folder, "file.txt"), "");
  const absent = listFolder(join(folder, "nowhere"));
  await expect(absent).rejects.toThrow(InvalidDataError);
  await expect(absent).rejects.toThrow(
    /nowhere: there is no such folder; expected a folder with interactions$/,
  );
  await expect(listFolder(join(folder, "file.txt"))).rejects.toThrow(
    `file.txt: is a file; expected a folder with interactions, such as ${folder}`,
  );
  await rm(folder, { recursive: true });
});
