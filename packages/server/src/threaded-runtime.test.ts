import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { multVae } from "@dmrec/base-models";
import { InvalidDataError, RuntimeError, UnsupportedError } from "@dmrec/core";
import { type LoadOptions, loadRecommender } from "@dmrec/serving";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threadedRuntime } from "./index";
import { ModelThread } from "./model-thread";

const itemCount = 50;
const itemIds = Array.from({ length: itemCount }, (_, item) => `item-${item}`);
const requests = itemIds.map((id, item) => ({ interactions: [id], exclude: itemIds.slice(0, item % 3) }));

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-thread-"));
  file = join(folder, "model.onnx");
  const trainer = await createTrainer();
  await using model = await trainer.open(multVae({ itemCount, hiddenDimension: 16, latentDimension: 8 }));
  await model.export(file, { itemIds, userIds: [] });
});
afterAll(() => rm(folder, { recursive: true }));

/** The turns of the event loop while a model answers many requests. */
async function turnsOf(options: LoadOptions): Promise<number> {
  await using recommender = await loadRecommender(file, options);
  const many = Array.from({ length: 100 }, () => requests).flat();
  await recommender.recommendAll(many);
  let turns = 0;
  let isAnswered = false;
  const counting = (async () => {
    for (; !isAnswered; turns += 1) await setImmediate();
  })();
  for (let call = 0; call < 20; call += 1) await recommender.recommendAll(many);
  isAnswered = true;
  await counting;
  return turns;
}

describe("threadedRuntime", () => {
  it("answers as onnxruntime-node does", async () => {
    await using here = await loadRecommender(file);
    await using there = await loadRecommender(file, { runtime: await threadedRuntime() });
    expect(await there.recommendAll(requests)).toEqual(await here.recommendAll(requests));
    expect(await there.score({ interactions: ["item-3"] })).toEqual(
      await here.score({ interactions: ["item-3"] }),
    );
  });

  it("leaves the thread of its caller free", async () => {
    const there = await turnsOf({ runtime: await threadedRuntime() });
    expect(there).toBeGreaterThan(2 * (await turnsOf({})));
  });

  it("refuses what is no model, and goes on after a run that fails", async () => {
    const { InferenceSession, Tensor } = await threadedRuntime();
    await expect(InferenceSession.create(Uint8Array.of(1, 2, 3))).rejects.toThrow(RuntimeError);
    const session = await InferenceSession.create(file);
    const wrong = { nothing: new Tensor("float32", Float32Array.of(1), [1]) };
    await expect(session.run(wrong)).rejects.toThrow(/nothing|input/);
    expect(() => session.startProfiling()).toThrow(UnsupportedError);
    await session.release();
    const runtime = await threadedRuntime();
    await expect(loadRecommender(Uint8Array.of(1, 2, 3), { runtime })).rejects.toThrow(InvalidDataError);
  });

  it("can be closed after its thread has ended", async () => {
    const threads: Worker[] = [];
    const keep = (thread: Worker) => threads.push(thread);
    process.on("worker", keep);
    const recommender = await loadRecommender(file, { runtime: await threadedRuntime() });
    process.off("worker", keep);
    expect(threads).toHaveLength(1);
    await threads[0].terminate();
    await expect(recommender.recommend({})).rejects.toThrow(/thread of the model has ended/);
    await recommender.close();
  });

  it("leaves the caller its arrays", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const { InferenceSession } = await threadedRuntime();
    await InferenceSession.create(bytes).catch(() => {});
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe("ModelThread", () => {
  it("fails the calls in progress and all later ones if the thread ends", async () => {
    const thread = new ModelThread();
    const created = thread.call({ kind: "create", model: file, options: {} });
    await Promise.all([expect(created).rejects.toThrow(/thread of the model has ended/), thread.end()]);
    await expect(thread.call({ kind: "release" })).rejects.toThrow(/thread of the model has ended/);
  });
});
