import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { InvalidDataError } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { withFile } from "../testing/with-file";
import { textLines } from "./text-lines";

async function linesOf(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of textLines(file)) lines.push(text);
  return lines;
}

describe("textLines", () => {
  it.each([
    ["", []],
    ["a", ["a"]],
    ["\uFEFFa\nb\n", ["a", "b"]],
    ["a\r\n\r\nb\r", ["a", "", "b"]],
    ["a\rb\n\n", ["a", "b", ""]],
    ["\r", [""]],
    ["a\u2028b\n", ["a\u2028b"]],
  ])("reads %j", (content, expected) =>
    withFile(content, async (file) => expect(await linesOf(file)).toEqual(expected)),
  );

  it.each(["\uFEFFuser,item\n", "\uFEFF"])("refuses UTF-16 with what to do: %j", (text) =>
    withFile(Buffer.from(text, "utf16le"), async (file) => {
      await expect(linesOf(file)).rejects.toThrow(
        / is text in UTF-16; expected UTF-8: save it as that, .*iconv/,
      );
    }),
  );

  it("refuses a compressed text whose name does not say that it is", () =>
    withFile(
      gzipSync("user,item\n"),
      async (file) => {
        await expect(linesOf(file)).rejects.toThrow(/is compressed by gzip; expected a name .*, a\.csv\.gz$/);
      },
      "a.csv",
    ));

  it("reads lines and their ends across chunks", async () => {
    // The stream's chunks are of 64 KiB: the first ends between the two characters of a line's end.
    const lines = ["x".repeat(65_535), "é".repeat(100_000), "b"];
    await withFile(`${lines.join("\r\n")}\r\n`, async (file) => expect(await linesOf(file)).toEqual(lines));
  });

  it("decompresses gzip, and reads Latin-1 where the bytes are no UTF-8", async () => {
    const text = `${"x".repeat(70_000)}\nMisérables\nü\n`;
    const lines = text.trimEnd().split("\n");
    const bytes = Buffer.from(text, "latin1");
    await withFile(bytes, async (file) => expect(await linesOf(file)).toEqual(lines));
    await withFile(gzipSync(bytes), async (file) => expect(await linesOf(file)).toEqual(lines), "a.txt.gz");
    await withFile(
      gzipSync(bytes).subarray(0, -9),
      (file) => expect(linesOf(file)).rejects.toThrow(/a\.txt\.gz: cannot be read \(unexpected end of file/),
      "a.txt.gz",
    );
    await withFile(
      bytes,
      (file) => expect(linesOf(file)).rejects.toThrow(/a\.txt\.gz: cannot be read \(incorrect header check/),
      "a.txt.gz",
    );
  });

  it("numbers lines from 1, and closes the file if the caller stops early", () =>
    withFile("a\nb\n", async (file) => {
      for await (const line of textLines(file)) {
        expect(line).toEqual({ text: "a", number: 1 });
        break;
      }
    }));

  it("names a file that cannot be read", async () => {
    const reading = linesOf("no-such-folder/interactions.csv");
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(/^no-such-folder\/interactions\.csv: cannot be read \(ENOENT/);
  });

  it("reads only the beginning of a line beyond the longest", () =>
    withFile(`a\n${"b".repeat(1_000_000)}\nc\n`, async (file) => {
      const lines: string[] = [];
      for await (const { text } of textLines(file, 100_000)) lines.push(text);
      expect(lines[0]).toBe("a");
      expect(lines[1]).toMatch(/^b+$/);
      expect(lines[1].length).toBeLessThan(500_000);
      expect(lines).toHaveLength(2);
    }));

  it("keeps nothing of the lines that were read", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const count = 200_000;
    await withFile("a,b\n".repeat(count), async (file) => {
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      for await (const { number } of textLines(file)) if (number === count) collectGarbage();
      // Nothing may be kept between the first line and the last: 50 bytes a line would show.
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * count);
    });
  });
});
