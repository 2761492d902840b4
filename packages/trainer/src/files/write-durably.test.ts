import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDurably } from "./write-durably";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-durably-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeDurably", () => {
  it("makes the folder of a file, and says where it cannot", async () => {
    const file = join(folder, "new", "file.txt");
    await writeDurably(file, "first");
    expect(await readFile(file, "utf8")).toBe("first");
    await expect(writeDurably(join(file, "inside"), "x")).rejects.toThrow(FileError);
  });
});
