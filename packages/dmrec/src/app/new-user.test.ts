import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportedModel, loadOnnxRuntime, type OpenRecommender, UnsupportedError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder } from "@dmrec/encoders";
import { loadRecommender } from "@dmrec/serving";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PairFactorization } from "../../../../examples/src/models/pair-factorization";
import { recommendFromText } from "./recommend-from-text";

const data = syntheticCatalogue({ users: 60, items: 40 });
let model: OpenRecommender;
let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-new-user-"));
  file = join(directory, "model.onnx");
  const trainer = await createTrainer({ epochs: 2, batchSize: 60, evaluation: { interval: 2 } });
  model = await trainer.fit(new PairFactorization(data, 8), data);
  await model.export(file);
});
afterAll(async () => {
  await model.close();
  await rm(directory, { recursive: true });
});

describe("a model with a row for each user", () => {
  it("recommends to the users that it was trained on", async () => {
    expect(await model.recommend({ userIndex: 5, count: 3 })).toHaveLength(3);
  });

  it("refuses a new user when it is open", async () => {
    await expect(model.recommend({ interactions: [3] })).rejects.toThrow(UnsupportedError);
  });

  it("refuses a text", async () => {
    const encoder = fitTfIdfEncoder(data.itemProfiles ?? []);
    await expect(recommendFromText("ships and islands", { model, encoder })).rejects.toThrow(
      UnsupportedError,
    );
  });

  it("refuses a new user when it is served", async () => {
    await using served = await loadRecommender(file);
    await expect(served.recommend({ interactions: [data.itemIds[3]] })).rejects.toThrow(UnsupportedError);
    const [known] = await served.recommend({ userId: data.userIds[5], count: 1 });
    expect(known.score).toBeTypeOf("number");
  });

  it("cannot run from its file without the index of a user", async () => {
    const { InferenceSession, Tensor } = await loadOnnxRuntime();
    const session = await InferenceSession.create(file);
    const { inputs, outputs } = exportedModel;
    const feeds = {
      [inputs.items]: new Tensor("int32", Int32Array.of(3), [1, 1]),
      [inputs.weights]: new Tensor("float32", Float32Array.of(1), [1, 1]),
      [inputs.excluded]: new Tensor("int32", Int32Array.of(data.itemCount), [1, 1]),
      [inputs.count]: new Tensor("int64", BigInt64Array.of(3n), [1]),
      [inputs.filteredRows]: new Tensor("int32", Int32Array.of(0), [1]),
      [inputs.allowed]: new Tensor("bool", new Uint8Array(data.itemCount).fill(1), [1, data.itemCount]),
    };
    await expect(session.run(feeds)).rejects.toThrow(inputs.users);
    const known = { ...feeds, [inputs.users]: new Tensor("int32", Int32Array.of(5), [1]) };
    expect((await session.run(known))[outputs.topItems].dims).toEqual([1, 3]);
    await session.release();
  });
});
