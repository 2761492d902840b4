import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@dmrec/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDirectory } from "./make-directory";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-directory-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("makes a directory with those above it, also if it is there and for several callers", async () => {
  const deep = join(folder, "a", "b", "c");
  await Promise.all([makeDirectory(deep), makeDirectory(deep)]);
  await makeDirectory(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

it("refuses a place under a file, and a file in its place", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const place of [file, join(file, "x", "y")]) {
    const error = await makeDirectory(place).catch((cause: unknown) => cause);
    expect(FileError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(
      /file: cannot be made a directory \(a file has this name\); name a folder that you may write to/,
    );
  }
});

it.skipIf(process.platform !== "linux")("returns in a file system that has no room for it", async () => {
  await expect(makeDirectory("/proc/dmrec/run")).rejects.toThrow(/proc\/dmrec: cannot be made a directory/);
});
