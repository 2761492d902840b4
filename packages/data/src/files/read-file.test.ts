import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readText } from "./read-file";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-read-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("refuses a text in UTF-16 or compressed against its name with what to do", async () => {
  const [text, compressed] = [join(folder, "names.json"), join(folder, "titles.json")];
  await writeFile(text, Buffer.from('\uFEFF["Tea"]', "utf16le"));
  await writeFile(compressed, gzipSync('["Tea"]'));
  await expect(readText(text)).rejects.toThrow(/names\.json: is text in UTF-16; expected UTF-8: .*iconv/);
  await expect(readText(compressed)).rejects.toThrow(/is compressed by gzip; expected .*titles\.json\.gz$/);
});
