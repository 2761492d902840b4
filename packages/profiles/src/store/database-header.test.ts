import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "lmdb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { headerProblem } from "./database-header";

const pageSize = 4096;
let folder: string;
let whole: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-database-"));
  const root = open({ path: folder, noSubdir: false });
  await root.put("key", "value");
  await root.close();
  whole = await readFile(join(folder, "data.mdb"));
});
afterAll(() => rm(folder, { recursive: true }));

const problemOf = async (content: string | Buffer) => {
  const file = join(folder, "a file");
  await writeFile(file, content);
  return headerProblem(file, 20);
};

it("takes a database, an empty file and none", async () => {
  expect(await problemOf(whole)).toBeUndefined();
  expect(await problemOf("")).toBeUndefined();
  expect(await headerProblem(join(folder, "absent"))).toBeUndefined();
});

it("refuses what is no database, or less than its start", async () => {
  expect(await problemOf("no database ".repeat(1000))).toBe("is no LMDB database");
  expect(await problemOf(Buffer.alloc(5000))).toBe("is no LMDB database");
  expect(await problemOf("short")).toMatch(/^was cut: it has 5 bytes/);
  for (const size of [1, 100, pageSize, pageSize + 100, 2 * pageSize - 1])
    expect(await problemOf(whole.subarray(0, size))).toMatch(`was cut: it has ${size} bytes`);
  const damaged = Buffer.from(whole).fill(0, pageSize, 2 * pageSize);
  expect(await problemOf(damaged)).toBe("is damaged in its second page");
});

it("gives another process time to write the start", async () => {
  const file = join(folder, "begun");
  await writeFile(file, whole.subarray(0, 100));
  const looking = headerProblem(file, 10_000);
  await sleep(50);
  await writeFile(file, whole, { flag: "r+" });
  expect(await looking).toBeUndefined();
});
