import { multVae } from "@dmrec/base-models";
import { InvalidOptionsError } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { automatic, compiled, createTrainer, eager, type TrainerOptions } from "./index";
import { smallCatalogue, smallTrainer } from "./testing/small-run";

describe("createTrainer", () => {
  it.each<[TrainerOptions, RegExp]>([
    [{ epochs: 0 }, /epochs/],
    [{ batchSize: -1 }, /batchSize/],
    [{ adam: { learningRate: 0 } }, /adam\.learningRate/],
    [{ evaluation: { monitor: "recall@50" } }, /evaluation\.monitor: is never computed/],
    [{ evaluation: { monitor: "accuracy@20" } }, /evaluation\.monitor/],
    [JSON.parse('{"engine":{"kind":"fast","options":{}}}'), /engine.*: expected automatic\(\), compiled\(\)/],
    [JSON.parse('{"engine":{"kind":"eager","options":{"backend":"gpu"}}}'), /engine\.options\.backend/],
    [JSON.parse('{"engine":{"kind":"compiled","options":{"threads":0}}}'), /engine\.options\.threads/],
    [JSON.parse('{"engine":"eager"}'), /engine: expected automatic\(\)/],
  ])("refuses %j", async (options, message) => {
    await expect(createTrainer(options)).rejects.toThrow(InvalidOptionsError);
    await expect(createTrainer(options)).rejects.toThrow(message);
  });

  it("compiles by default, and reports its engine and the reason", async () => {
    const { engine } = await createTrainer({ engine: automatic({ threads: 1 }) });
    expect(engine).toEqual({
      name: "compiled",
      backend: "ONNX Runtime, cpu, 1 thread",
      reason: "the fastest",
    });
    expect((await createTrainer({ engine: compiled() })).engine.reason).toBe("requested");
    const { engine: fastest } = await createTrainer({ engine: eager() });
    expect(fastest).toMatchObject({ name: "eager", backend: "wasm" });
    expect(fastest.reason).toMatch(/^node-gpu: .+; node: .+/);
    const { engine: plain } = await createTrainer({ engine: eager({ backend: "cpu" }) });
    expect(plain).toEqual({ name: "eager", backend: "cpu", reason: "requested" });
  });

  it("says that a requested backend or execution provider is missing", async () => {
    const cuda = createTrainer({ engine: compiled({ executionProvider: "cuda" }) });
    await expect(cuda).rejects.toThrow(/"cuda"/);
    await expect(createTrainer({ engine: eager({ backend: "node-gpu" }) })).rejects.toThrow(
      /no tensor backend could be started for "node-gpu" \(node-gpu: /,
    );
    expect(() => compiled({ threads: 0 })).toThrow(/^compiled: threads: /);
  });

  it("leaves the process's handling of failures as it was", async () => {
    const listeners = () => [process.listeners("uncaughtException"), process.listeners("unhandledRejection")];
    const before = listeners();
    await createTrainer({ engine: eager({ backend: "wasm" }) });
    expect(listeners()).toEqual(before);
  });

  it("makes trainers for several engines whose models train side by side", async () => {
    const losses = await Promise.all(
      (["wasm", "cpu"] as const).map(async (backend) => {
        const trainer = await smallTrainer({ engine: eager({ backend }) });
        const { itemCount } = smallCatalogue;
        const recommender = multVae({ itemCount, hiddenDimension: 16, latentDimension: 4 });
        await using model = await trainer.fit(recommender, smallCatalogue);
        return model.training.epochHistory[5].losses.total;
      }),
    );
    expect(Math.abs(losses[0] - losses[1]) / losses[1]).toBeLessThan(1e-4);
  });
});
