import { readFileSync, statSync } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startScript } from "../testing/child-process";
import { CommittedSize } from "./committed-size";
import { openProfileStore } from "./profile-store";

let folder: string;
const database = () => join(folder, "data.mdb");
const record = () => join(folder, "committed-size.json");
const recorded = () => JSON.parse(readFileSync(record(), "utf8"));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-size-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the store and saves some embeddings. */
async function save(count: number): Promise<void> {
  const store = await openProfileStore(folder);
  for (let index = 0; index < count; index += 1)
    await store.embeddings.save([[`${count}-${index}`, new Float32Array(2000)]]);
  await store.close();
}

it("is the size of the file when a store is closed", async () => {
  await save(5);
  expect(recorded().size).toBe(statSync(database()).size);
  const { transaction } = recorded();
  await save(6);
  expect(recorded().size).toBe(statSync(database()).size);
  expect(recorded().transaction).toBeGreaterThan(transaction);
});

it("refuses a file that lacks its last byte, and no whole one", async () => {
  await save(5);
  const size = new CommittedSize(folder);
  expect(size.problem()).toBeUndefined();
  const whole = statSync(database()).size;
  await truncate(database(), whole - 1);
  expect(size.problem()).toMatch(`was cut: it has ${whole - 1} bytes, and had ${whole} after transaction`);
});

it("never exceeds the file while two processes write, nor after one is killed", async () => {
  const writer = await startScript("store-writer", [folder, "there", "1000000"]);
  await writer.printed(/saved 5\n/);
  const size = new CommittedSize(folder);
  const store = await openProfileStore(folder);
  for (let looks = 0; looks < 200; looks += 1) {
    // In this order, because the file grows.
    expect(recorded().size).toBeLessThanOrEqual(statSync(database()).size);
    expect(size.problem()).toBeUndefined();
    if (looks % 5 === 0) await store.embeddings.save([[`here-${looks}`, new Float32Array(2000)]]);
  }
  writer.kill();
  await writer.ended;
  await store.close();
  const after = await openProfileStore(folder);
  expect(after.profiles("default", "item").size).toBeGreaterThanOrEqual(5);
  expect(after.embeddings.get("here-195")).toHaveLength(2000);
  await after.close();
});

it("is not needed, and does not outlive its database", async () => {
  await save(5);
  await rm(record());
  await save(1);
  await writeFile(record(), '{"size":');
  await save(2);
  expect(recorded().size).toBe(statSync(database()).size);
  await rm(database());
  await save(1);
  expect(recorded().size).toBe(statSync(database()).size);
});

it("ignores space that was counted and never written", async () => {
  const store = await openProfileStore(folder);
  await store.embeddings.save([["large", new Float32Array(500_000)]]);
  await store.close();
  const bytes = await readFile(database());
  await writeFile(database(), Buffer.concat([bytes, Buffer.alloc(40_960)]));
  await save(1);
  // Pages after the last committed one may vanish.
  expect(recorded().size).toBeLessThan(bytes.length + 40_960);
});
