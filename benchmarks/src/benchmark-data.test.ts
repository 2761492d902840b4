import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readFolder } from "./benchmark-data";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-benchmark-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("warns about data in one plain line", async () => {
  const lines = ["a,x", "a,x", "a,y", "b,x", "b,z"];
  await writeFile(join(folder, "interactions.csv"), `user,item\n${lines.join("\n")}\n`);
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  try {
    await readFolder(folder);
    expect(error.mock.calls[0]).toEqual([expect.stringMatching(/^Warning: .*interactions\.csv.*line 3/)]);
    expect(warn).not.toHaveBeenCalled();
  } finally {
    error.mockRestore();
    warn.mockRestore();
  }
});
