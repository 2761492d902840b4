import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint, loadDataset } from "@dmrec/data";
import { localProcesses } from "@dmrec/workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withEmbeddings } from "../benchmark-data";
import { runAll } from "../worker-pool";
import { experimentsZoo } from "./experiments-zoo";
import { experiments } from "./plan";
import { assertRecordsOf, readRecord } from "./run-record";
import { experimentTasks } from "./tasks";
import { writeTinyData } from "./testing/tiny-data";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-record-run-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("records the data of the folder for a run on exchanged profiles, so that it belongs to the others, as built", {
  timeout: 120_000,
}, async () => {
  const [data, records] = [join(folder, "data"), join(folder, "records")];
  await writeTinyData(data);
  const tasks = experimentTasks(experiments(experimentsZoo, "default"), {
    folder: data,
    root: join(folder, "runs"),
    records,
    embeddings: "default",
    seeds: 1,
    epochs: 1,
    threads: 1,
  }).filter(({ shuffledProfiles }) => shuffledProfiles === 1);
  expect(tasks).toHaveLength(1);
  await runAll(tasks, {
    jobs: 1,
    abortSignal: new AbortController().signal,
    report() {},
    place: localProcesses({ file: join(import.meta.dirname, "../../dist/accuracy-worker.js") }),
  });
  const embedded = await withEmbeddings(await loadDataset(data, { onWarning() {} }), "default");
  const expected = { name: embedded.name, fingerprint: fingerprint(embedded) };
  const record = await readRecord(tasks[0].record);
  expect(record?.data).toEqual(expected);
  expect(record?.model).toMatchObject({ shuffledProfiles: 1 });
  await assertRecordsOf(expected, records);
});
