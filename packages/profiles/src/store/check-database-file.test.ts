import { mkdtemp, open as openFile, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databaseFileProblem } from "./check-database-file";

const pageSize = 4096;
let folder: string;
let file: string;
/** A database of small values and of values on pages of their own, whose last page was cut off. */
let cut: Buffer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-database-"));
  file = join(folder, "data.mdb");
  const root = open({ path: folder, noSubdir: false, maxDbs: 8 });
  const values = root.openDB({ name: "values", encoding: "binary" });
  root.transactionSync(() => {
    for (let index = 0; index < 200; index += 1)
      values.put(`key-${index}`, Buffer.alloc(index % 20 === 0 ? 9000 : 200, index));
  });
  await root.close();
  const whole = await readFile(file);
  expect(await databaseFileProblem(file)).toBeUndefined();
  cut = whole.subarray(0, whole.length - pageSize);
});
afterEach(() => rm(folder, { recursive: true }));

/** The page of a file with the root of its main tree. */
function mainRoot(bytes: Buffer): Buffer {
  const [first, second] = [bytes, bytes.subarray(pageSize)];
  const latest = second.readBigUInt64LE(152) > first.readBigUInt64LE(152) ? second : first;
  const start = Number(latest.readBigUInt64LE(136)) * pageSize;
  return bytes.subarray(start, start + pageSize);
}

describe("a database file", () => {
  it("is damaged where an offset leads out of its page", async () => {
    const bytes = Buffer.from(cut);
    mainRoot(bytes).writeUInt16LE(0xffff, 24);
    await writeFile(file, bytes);
    expect(await databaseFileProblem(file)).toMatch(/^is damaged/);
  });

  it("is damaged where a page is its own child", async () => {
    const bytes = Buffer.from(cut);
    const page = mainRoot(bytes);
    const number = (page.byteOffset - bytes.byteOffset) / pageSize;
    page.fill(0, 18);
    page.writeUInt16LE(0x01, 18); // A branch
    page.writeUInt16LE(2, 20); // with one node,
    page.writeUInt16LE(2, 24); // which follows:
    page.writeUInt32LE(number, 26);
    await writeFile(file, bytes);
    expect(await databaseFileProblem(file)).toMatch(/^is damaged/);
  });

  it("is looked through to an end whatever its pages hold", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(cut.length - 2 * pageSize - 4), fc.integer({ min: 0, max: 0xffffffff })), {
          minLength: 1,
          maxLength: 200,
        }),
        async (changes) => {
          const bytes = Buffer.from(cut);
          for (const [position, value] of changes) bytes.writeUInt32LE(value, 2 * pageSize + position);
          await writeFile(file, bytes);
          expect((await databaseFileProblem(file)) ?? "whole").toMatch(/^(is damaged|was cut|whole)/);
        },
      ),
      { numRuns: 50, seed: 1 },
    ));

  it("is given up that another process never stops to write", async () => {
    const bytes = Buffer.from(cut);
    await writeFile(file, bytes);
    let isDone = false;
    let transaction = 1000n;
    const keepWriting = async () => {
      const handle = await openFile(file, "r+");
      while (!isDone) {
        transaction += 1n;
        await handle.write(Buffer.from(BigUint64Array.of(transaction).buffer), 0, 8, 152);
      }
      await handle.close();
    };
    const writing = [keepWriting(), keepWriting(), keepWriting()];
    const problem = await databaseFileProblem(file, { newFile: 100, busyFile: 200 });
    isDone = true;
    await Promise.all(writing);
    expect(problem).toMatch(/^(was cut|is damaged).*written too fast/);
  });

  it("is given time to become whole", async () => {
    await truncate(file, 0);
    const looking = databaseFileProblem(file);
    await sleep(50);
    await writeFile(file, cut);
    expect(await looking).toMatch(/^was cut: it has \d+ bytes, and/);
  });
});
