import { readFileSync, statSync } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

it("never exceeds the file while other processes write, nor after they are killed", async () => {
  const writers = await Promise.all(
    ["a", "b"].map((name) => startScript("store-writer", [folder, name, "1000000"])),
  );
  await Promise.all(writers.map((writer) => writer.printed(/saved 5\n/)));
  const size = new CommittedSize(folder);
  for (let looks = 0; looks < 200; looks += 1) {
    // In this order, because the file grows.
    expect(recorded().size).toBeLessThanOrEqual(statSync(database()).size);
    expect(size.problem()).toBeUndefined();
    if (looks % 10 === 0) await sleep(1);
  }
  for (const writer of writers) writer.kill();
  await Promise.all(writers.map((writer) => writer.ended));
  const store = await openProfileStore(folder);
  expect(store.profiles("default", "item").size).toBeGreaterThanOrEqual(10);
  await store.close();
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
