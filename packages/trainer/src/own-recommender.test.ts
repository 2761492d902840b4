import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  FileError,
  InvalidDataError,
  InvalidOptionsError,
  type Recommender,
  ShapeMismatchError,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { compiled, eager } from "./index";
import { scoresOf, smallCatalogue, smallTrainer } from "./testing/small-run";
import { TableModel } from "./testing/table-models";

const engines = { compiled: compiled(), eager: eager() };

/** A caller's own model with a fault. */
const faulty = (fault: object): Recommender => Object.assign(new TableModel(smallCatalogue), fault);

describe.each(["compiled", "eager"] as const)("a recommender of the caller's own, %s", (name) => {
  it("is refused at its first step if a loss term is no scalar, without tensors left", async () => {
    const trainer = await smallTrainer({ engine: engines[name] });
    const before = tf.memory().numTensors;
    const losses: readonly (readonly [
      () => unknown,
      typeof InvalidDataError | typeof ShapeMismatchError,
      RegExp,
    ])[] = [
      [
        () => ({ ranking: tf.ones([3, 2]) }),
        ShapeMismatchError,
        /the loss term "ranking", a scalar, has shape \[3, 2\]; expected \[\]/,
      ],
      [() => ({ ranking: tf.ones([1]) }), ShapeMismatchError, /has shape \[1\]; expected \[\]/],
      [() => ({ ranking: 3 }), InvalidDataError, /the loss term "ranking": number; expected a scalar tensor/],
      [() => tf.scalar(3), InvalidDataError, /the loss: terms without names; expected an object of scalar/],
      [() => ({}), InvalidDataError, /the loss: no term; expected/],
      [() => undefined, InvalidDataError, /the loss: terms without names/],
    ];
    for (const [loss, kind, message] of losses) {
      let steps = 0;
      const onStep = () => {
        steps += 1;
      };
      const fitting = trainer.fit(faulty({ loss }), smallCatalogue, {
        callbacks: [{ onStep }],
      });
      await expect(fitting).rejects.toThrow(kind);
      await expect(fitting).rejects.toThrow(message);
      expect([steps, tf.memory().numTensors]).toEqual([0, before]);
    }
  });

  it("is refused if its scores have another shape, with both", async () => {
    const trainer = await smallTrainer({ engine: engines[name] });
    const transposed = faulty({
      scores: ({ users, transposed }: { users: tf.Tensor2D; transposed: tf.Tensor2D }) =>
        tf.transpose(tf.matMul(tf.slice(users, [0, 0], [2, -1]), transposed)),
    });
    await using model = await trainer.open(transposed, { data: smallCatalogue });
    const scoring = scoresOf(model, [0, 1]);
    await expect(scoring).rejects.toThrow(ShapeMismatchError);
    await expect(scoring).rejects.toThrow(
      "the matrix of scores of table has shape [80, 2]; expected [2, 80]",
    );
    await expect(model.recommend({ userIndex: 3 })).rejects.toThrow(
      /has shape \[80, 2\]; expected \[1, 80\]/,
    );
    const exporting = model.export(join(tmpdir(), "never-written.onnx"));
    await expect(exporting).rejects.toThrow(/the matrix of scores of table has shape/);
  });
});

describe("a description that is incomplete", () => {
  it.each([
    [{ configuration: undefined }, /recommender\.configuration: expected everything that the model was made/],
    [{ configuration: "table" }, /recommender\.configuration: /],
    [{ name: "" }, /recommender\.name: /],
    [{ itemCount: Number.NaN }, /recommender\.itemCount: /],
    [{ reads: { interactions: true } }, /recommender\.reads\.profile: /],
    [{ examples: { kind: "triples" } }, /recommender\.examples: expected \{ kind: "users" \}, or/],
    [{ parameters: undefined }, /recommender\.parameters: expected a tree of arrays/],
    [{ loss: undefined }, /recommender\.loss: expected a function/],
    [{ scores: 3 }, /recommender\.scores: expected a function/],
  ])("is refused when it is opened or fitted: %j", async (fault, message) => {
    const trainer = await smallTrainer();
    for (const [call, opening] of [
      ["open", trainer.open(faulty(fault))],
      ["fit", trainer.fit(faulty(fault), smallCatalogue)],
    ] as const) {
      const failure: unknown = await opening.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InvalidOptionsError);
      expect(failure).toMatchObject({ owner: call, message: expect.stringMatching(message) });
    }
  });

  it("cannot take a checkpoint of other shapes that its configuration does not tell apart", async () => {
    const directory = await mkdtemp(join(tmpdir(), "dmrec-own-"));
    const configuration = { name: "table" };
    try {
      const trainer = await smallTrainer({ epochs: 1 });
      const options = { directory, resume: "if-present" } as const;
      const narrow = Object.assign(new TableModel(smallCatalogue, { width: 4 }), { configuration });
      await (await trainer.fit(narrow, smallCatalogue, options)).close();
      const fitting = trainer.fit(faulty({ configuration }), smallCatalogue, options);
      await expect(fitting).rejects.toThrow(FileError);
      await expect(fitting).rejects.toThrow(/"users" has the shape \[150,4\]; expected \[150,8\]/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
