import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledFunction } from "@dmrec/compile";
import {
  constant,
  FileError,
  InvalidDataError,
  InvalidOptionsError,
  NonFiniteLossError,
  type Recommender,
  type TensorsOf,
  type TrainingCallbacks,
  UnsupportedError,
  type UserBatch,
} from "@dmrec/core";
import { gatherRows, syntheticCatalogue } from "@dmrec/data";
import { embeddingBag } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { compiled, eager } from "./index";
import {
  rememberingRecommender,
  scoresOf,
  smallCatalogue,
  smallRecommender,
  smallTrainer,
} from "./testing/small-run";

const engines = { compiled: compiled(), eager: eager() };
const engineNames = ["compiled", "eager"] as const;

/** A recommender with another loss. */
const withLoss = (model: Recommender, loss: Recommender["loss"]): Recommender => ({
  ...model,
  loss,
  scores: (prepared, batch, context) => model.scores(prepared, batch, context),
});

describe("fit", () => {
  it("learns, and leaves the best weights in the model", async () => {
    const trainer = await smallTrainer({ epochs: 30, adam: { learningRate: 0.01 } });
    await using model = await trainer.open(smallRecommender());
    const before = await model.evaluate(smallCatalogue, { part: "validation" });
    const result = await model.fit(smallCatalogue);
    const after = await model.evaluate(smallCatalogue, { part: "validation" });
    expect(result.stopped).toBe("epochs");
    expect(result.epochHistory).toHaveLength(30);
    expect(result.epochHistory[29].losses.reconstruction).toBeLessThan(
      result.epochHistory[0].losses.reconstruction,
    );
    expect(after.metrics["recall@20"]).toBeGreaterThan(1.2 * before.metrics["recall@20"]);
    expect(after.metrics).toEqual(result.bestMetrics);
    expect(result.evaluationHistory.find(({ epoch }) => epoch === result.bestEpoch)?.best).toBe(true);
  });

  it("fits a description any number of times, each time from its initial parameters", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    const recommender = smallRecommender();
    await using first = await trainer.fit(recommender, smallCatalogue);
    await using second = await trainer.fit(recommender, smallCatalogue);
    expect(await scoresOf(second)).toEqual(await scoresOf(first));
  });

  it("scores for many callers at once while it fits", async () => {
    // One epoch: the callback sees the weights that the fit leaves.
    const trainer = await smallTrainer({ epochs: 1, evaluation: { interval: 1 } });
    await using model = await trainer.open(smallRecommender());
    const users = [1, 4, 60].map((length) => Array.from({ length }, (_, user) => user + length));
    let together: Float32Array[] = [];
    const onEpochEnd = async () => {
      together = await Promise.all(users.map((some) => scoresOf(model, some)));
    };
    await model.fit(smallCatalogue, { callbacks: [{ onEpochEnd }] });
    for (const [index, some] of users.entries()) expect(together[index]).toEqual(await scoresOf(model, some));
  });

  it("shows its present weights to callbacks that score, and fits a model once at a time", async () => {
    const trainer = await smallTrainer({ epochs: 2 });
    await using model = await trainer.open(smallRecommender());
    const seen: Float32Array[] = [];
    const onEpochEnd = async () => {
      seen.push(await scoresOf(model));
    };
    const fitting = model.fit(smallCatalogue, { callbacks: [{ onEpochEnd }] });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(model.fit(smallCatalogue)).rejects.toThrow(/is being fitted already/);
    await fitting;
    expect(seen[1]).not.toEqual(seen[0]);
    expect(await scoresOf(model)).toEqual(seen[1]);
  });

  it("is a function of its seed", async () => {
    const run = async (seed: number) => {
      const trainer = await smallTrainer({ epochs: 2, seed });
      await using model = await trainer.fit(smallRecommender(), smallCatalogue);
      return scoresOf(model);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it("stops after as many evaluations without improvement as its patience", async () => {
    const trainer = await smallTrainer({
      epochs: 100,
      evaluation: { interval: 1, patience: 3 },
      adam: { learningRate: 1e-12 },
    });
    await using model = await trainer.fit(smallRecommender(), smallCatalogue);
    expect(model.training.stopped).toBe("patience");
    expect(model.training.epochs).toBe(model.training.bestEpoch + 3);
  });

  it("reports every step, epoch and evaluation", async () => {
    const seen: string[] = [];
    const callbacks: TrainingCallbacks = {
      onStep: ({ epoch, step, stepsPerEpoch }) => void seen.push(`step ${epoch}:${step}/${stepsPerEpoch}`),
      onEpochEnd: async ({ epoch }) => void seen.push(`epoch ${epoch}`),
      onEvaluation: ({ epoch }) => void seen.push(`evaluation ${epoch}`),
    };
    const trainer = await smallTrainer({ epochs: 2, batchSize: 100 });
    await using _ = await trainer.fit(smallRecommender(), smallCatalogue, { callbacks: [callbacks] });
    expect(seen).toEqual([
      ...["step 0:1/2", "step 0:2/2", "epoch 1"],
      ...["step 1:1/2", "step 1:2/2", "epoch 2", "evaluation 2"],
    ]);
  });

  it.each(engineNames)("keeps the number of tensors over 12 epochs, %s", async (name) => {
    const trainer = await smallTrainer({ epochs: 12, engine: engines[name] });
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const onEpochEnd = () => void counts.push(tf.memory().numTensors);
    const model = await trainer.fit(smallRecommender(), smallCatalogue, { callbacks: [{ onEpochEnd }] });
    expect(new Set(counts).size).toBe(1);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses data of other sizes than the recommender was made for", async () => {
    const trainer = await smallTrainer();
    const [more, other] = [
      { users: 151, items: 80 },
      { users: 150, items: 81 },
    ].map((sizes) => syntheticCatalogue(sizes));
    await expect(trainer.fit(smallRecommender(), more)).rejects.toThrow(
      /151 users and 80 items; expected 150 users and 80 items, as mult-vae\+mddm/,
    );
    await using model = await trainer.open(smallRecommender());
    await expect(model.evaluate(other)).rejects.toThrow(InvalidDataError);
    await expect(model.score(gatherRows(other.train, Int32Array.of(0)))).rejects.toThrow(
      /rows: 81 items; expected 80 items, as mult-vae\+mddm was made for/,
    );
  });

  it.each(engineNames)(
    "leaves no tensors if the data does not fit a model that is opened, %s",
    async (name) => {
      const trainer = await smallTrainer({ engine: engines[name] });
      const before = tf.memory().numTensors;
      const data = syntheticCatalogue({ users: 150, items: 81 });
      await expect(trainer.open(smallRecommender(), { data })).rejects.toThrow(InvalidDataError);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(engineNames)("refuses rows and data with items or rows that do not exist, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name] });
    await using model = await trainer.open(smallRecommender());
    const rows = {
      itemCount: 80,
      rowCount: 2,
      users: Int32Array.of(0, 1),
      rows: Int32Array.of(0, 1),
      items: Int32Array.of(3, 79),
      weights: Float32Array.of(1, 1),
    };
    const { train } = smallCatalogue;
    expect(await model.score(rows)).toHaveLength(160);
    for (const [wrong, message] of [
      [{ items: Int32Array.of(3, 80) }, "rows: item 80; expected an index from 0 to 79"],
      [{ items: Int32Array.of(-1, 3) }, "rows: item -1; expected an index from 0 to 79"],
      [{ items: Int32Array.of(3) }, "rows: 1 items; expected 2"],
      [{ weights: Float32Array.of(1, 1, 1) }, "rows: 3 weights; expected 2"],
      [{ rows: Int32Array.of(0, 2) }, "rows: row 2; expected an index from 0 to 1"],
      [{ rows: Int32Array.of(1, 0) }, "expected the interactions row after row"],
      [{ users: Int32Array.of(0) }, "rows: 1 users; expected 2"],
      [{ users: Int32Array.of(0, 150) }, "rows: user 150; expected an index from 0 to 149, as mult-vae+mddm"],
    ] as const) {
      const failure = await model.score({ ...rows, ...wrong }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InvalidDataError);
      expect(String(failure)).toContain(message);
    }
    const items = train.items.map((item, index) => (index === 5 ? 80 : item));
    const unknown = model.evaluate({ ...smallCatalogue, train: { ...train, items } });
    await expect(unknown).rejects.toThrow(/the train part of .*: item 80; expected an index from 0 to 79/);
  });

  it("refuses settings for a group of parameters that the model does not have", async () => {
    const trainer = await smallTrainer({ adam: { parameterGroups: { denoiser: { learningRate: 1 } } } });
    await expect(trainer.fit(smallRecommender(), smallCatalogue)).rejects.toThrow(/no group "denoiser"/);
  });

  it.each(engineNames)("leaves no tensors if the loss throws, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name] });
    const model = rememberingRecommender();
    const throwing = withLoss(model, (parameters, batch, context) => {
      model.loss(parameters, batch, context);
      throw new RangeError("no loss");
    });
    await using open = await trainer.open(throwing);
    const before = tf.memory().numTensors;
    await expect(open.fit(smallCatalogue)).rejects.toThrow("no loss");
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(engineNames)("keeps weights that can be used after a loss that is not finite, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name], evaluation: { interval: 1 } });
    let isBroken = true;
    const model = smallRecommender();
    const breaking = withLoss(model, (parameters, batch, context) => {
      const factor = context.feed<tf.Rank.R0>([], ({ epoch }) => [epoch > 1 && isBroken ? Number.NaN : 1]);
      const terms = Object.entries(model.loss(parameters, batch, context));
      return Object.fromEntries(terms.map(([term, value]) => [term, tf.mul<tf.Scalar>(value, factor)]));
    });
    await using open = await trainer.open(breaking);
    const best: Float32Array[] = [];
    const onEvaluation: TrainingCallbacks["onEvaluation"] = async (record) => {
      if (record.best) best.push(await scoresOf(open));
    };
    await expect(open.fit(smallCatalogue, { callbacks: [{ onEvaluation }] })).rejects.toThrow(
      NonFiniteLossError,
    );
    expect(await scoresOf(open)).toEqual(best.at(-1));
    isBroken = false;
    await open.fit(smallCatalogue);

    const unevaluated = await smallTrainer({ engine: engines[name], adam: { learningRate: 1e30 } });
    await using initial = await unevaluated.open(smallRecommender());
    const before = await scoresOf(initial);
    await expect(initial.fit(smallCatalogue)).rejects.toThrow(NonFiniteLossError);
    expect(await scoresOf(initial)).toEqual(before);
  });

  it("says in the manifest that a run failed, and why", async () => {
    const directory = await mkdtemp(join(tmpdir(), "dmrec-failure-"));
    try {
      const trainer = await smallTrainer({ adam: { learningRate: 1e30 } });
      await using model = await trainer.open(smallRecommender());
      const failure = await model.fit(smallCatalogue, { directory }).catch((error: unknown) => error);
      const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
      expect(NonFiniteLossError.isInstance(failure) && failure.message).toBe(manifest.error);
      expect(manifest.status).toBe("failed");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it.each(engineNames)("stops at a loss that is not finite, naming step and term, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name], adam: { learningRate: 1e30 } });
    const before = tf.memory().numTensors;
    const failure = await trainer.fit(smallRecommender(), smallCatalogue).catch((error: unknown) => error);
    expect(NonFiniteLossError.isInstance(failure) && failure.term).toMatch(/^\w+$/);
    expect(String(failure)).toMatch(/the loss term "\w+" is (NaN|Infinity) at step \d/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("an open model", () => {
  const unmappedLoss = (model: Recommender) =>
    withLoss(model, (parameters, batch, context) => {
      const { items, weights } = batch as UserBatch;
      const counts = tf.bincount(items, tf.onesLike(weights), smallCatalogue.itemCount);
      return { ...model.loss(parameters, batch, context), extra: tf.mul<tf.Scalar>(0, tf.sum(counts)) };
    });

  it("refuses options that are wrong, naming the call", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    await using model = await trainer.open(smallRecommender());
    const wrong = (text: string) => JSON.parse(text);
    const calls: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
      [() => model.fit(smallCatalogue, wrong('{"resume":"alwys"}')), /^fit: resume: /],
      [() => model.fit(smallCatalogue, wrong('{"folder":"x"}')), /^fit: .*folder/],
      [() => trainer.fit(smallRecommender(), smallCatalogue, wrong('{"callbacks":{}}')), /^fit: callbacks: /],
      [() => model.fit(smallCatalogue, wrong('{"abortSignal":1}')), /^fit: abortSignal: expected an Abort/],
      [() => model.evaluate(smallCatalogue, { cutoffs: [0] }), /^evaluate: cutoffs\.0: /],
      [() => model.evaluate(smallCatalogue, { cutoffs: [] }), /^evaluate: cutoffs: /],
      [() => model.evaluate(smallCatalogue, wrong('{"part":"train"}')), /^evaluate: part: /],
      [() => trainer.open(smallRecommender(), wrong('{"weight":"x"}')), /^open: .*weight/],
      [() => trainer.open(smallRecommender(), { weights: "" }), /^open: weights: /],
    ];
    for (const [call, message] of calls) {
      const failure = await call().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InvalidOptionsError);
      expect(failure).toMatchObject({ message: expect.stringMatching(message) });
    }
  });

  it("never traces a training step to score", async () => {
    const model = withLoss(smallRecommender(), () => {
      throw new RangeError("the loss was asked for");
    });
    await using open = await (await smallTrainer({ engine: compiled() })).open(model);
    expect(await scoresOf(open, [3])).toHaveLength(80);
    expect((await open.evaluate(smallCatalogue)).evaluatedUsers.length).toBeGreaterThan(100);
  });

  it("compiles once for any number of calls", async () => {
    let traces = 0;
    const model = smallRecommender();
    const counted: Recommender = {
      ...withLoss(model, (parameters, batch, context) => model.loss(parameters, batch, context)),
      scores(prepared, batch, context) {
        traces += 1;
        return model.scores(prepared, batch, context);
      },
    };
    await using open = await (await smallTrainer()).open(counted, { data: smallCatalogue });
    await open.recommend({ userIndex: 1 });
    const afterFirst = traces;
    for (const userIndex of [2, 3, 4]) await open.recommend({ userIndex });
    expect(traces).toBe(afterFirst);
  });

  it("keeps the graph that it has if a greater one cannot be made", async () => {
    await using open = await (await smallTrainer({ engine: compiled() })).open(smallRecommender());
    const rows = (size: number) => ({
      itemCount: 80,
      rowCount: 1,
      users: Int32Array.of(0),
      rows: new Int32Array(size),
      items: Int32Array.from({ length: size }, (_, item) => item),
      weights: new Float32Array(size).fill(1),
    });
    const before = await open.score(rows(2));
    const create = vi
      .spyOn(CompiledFunction, "create")
      .mockRejectedValueOnce(new UnsupportedError("no room"));
    await expect(open.score(rows(79))).rejects.toThrow("no room");
    create.mockRestore();
    expect(await open.score(rows(2))).toEqual(before);
    expect(await open.score(rows(79))).not.toEqual(before);
  });

  it("continues eagerly with the reason if it cannot be compiled, unless it was requested to compile", async () => {
    const strict = await smallTrainer({ engine: compiled(), epochs: 1 });
    await expect(strict.fit(unmappedLoss(smallRecommender()), smallCatalogue)).rejects.toThrow(
      /the tfjs kernel Bincount is not mapped/,
    );
    const trainer = await smallTrainer({ epochs: 1 });
    await using model = await trainer.open(unmappedLoss(smallRecommender()));
    await scoresOf(model);
    expect(model.engine.name).toBe("compiled");
    expect((await model.fit(smallCatalogue)).epochs).toBe(1);
    expect(model.engine.name).toBe("eager");
    expect(model.engine.reason).toMatch(/^not compiled: the tfjs kernel Bincount is not mapped/);
  });

  it("is closed once its calls have ended, and answers no more", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    const model = await trainer.open(smallRecommender());
    const scoring = scoresOf(model);
    await Promise.all([model.close(), model.close()]);
    expect(await scoring).toHaveLength(3 * 80);
    await expect(scoresOf(model)).rejects.toThrow(UnsupportedError);
    await expect(model.recommend({ interactions: [1] })).rejects.toThrow(/mult-vae\+mddm is closed/);
  });

  it("writes nothing if a file cannot be written", async () => {
    await using model = await (await smallTrainer()).open(smallRecommender());
    await expect(model.save("/dev/null/weights")).rejects.toThrow(FileError);
    await expect(model.export("/dev/null/model.onnx")).rejects.toThrow(FileError);
  });
});

describe("a recommender with a formula for its parameters", () => {
  /** Scores items by the user's rows of A Aᵀ for A = [[1, 2], [3, 4], [5, 6]]. */
  function solvable(): Recommender {
    const description = {
      name: "solvable",
      configuration: { name: "solvable" },
      itemCount: 3,
      reads: { interactions: true, profile: false, userIndex: false },
      examples: { kind: "users" },
      loss: () => ({ untrained: tf.scalar(0) }),
    } as const;
    return {
      ...description,
      parameters: {},
      async solve(product) {
        const a = { rowCount: 3, columnCount: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
        const { values } = await product(a, a);
        const parameters = { gram: constant([3, 3], values) };
        return {
          ...description,
          parameters,
          scores: ({ gram }: TensorsOf<typeof parameters>, batch) => embeddingBag(gram, batch),
        };
      },
      scores() {
        throw new Error("not solved");
      },
    };
  }

  it.each(engineNames)("is solved by the product of the %s engine when it is opened", async (name) => {
    const before = tf.memory().numTensors;
    const trainer = await smallTrainer({ engine: engines[name] });
    const model = await trainer.open(solvable());
    const rows = { itemCount: 3, rowCount: 1, rows: Int32Array.of(0), items: Int32Array.of(1) };
    expect([...(await model.score({ ...rows, weights: Float32Array.of(1) }))]).toEqual([11, 25, 39]);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("frees what the product needed if the formula fails", async () => {
    const failing: Recommender = {
      ...solvable(),
      async solve(product) {
        const one = { rowCount: 1, columnCount: 1, values: Float32Array.of(1) };
        await product(one, one);
        throw new RangeError("no solution");
      },
    };
    const trainer = await smallTrainer({ engine: compiled() });
    const released = vi.spyOn(CompiledFunction.prototype, "release");
    await expect(trainer.open(failing)).rejects.toThrow("no solution");
    expect(released).toHaveBeenCalledTimes(1);
    released.mockRestore();
  });
});
