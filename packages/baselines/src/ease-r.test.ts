import {
  InvalidDataError,
  InvalidOptionsError,
  type MatrixProduct,
  type Recommender,
  UnsupportedError,
} from "@dmrec/core";
import { asTrainingSplit, interactionMatrix, syntheticCatalogue, toEntries } from "@dmrec/data";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import { invertPositiveDefinite } from "@dmrec/linear-algebra";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { easeR } from "./ease-r";

const product: MatrixProduct = async (a, b) => {
  const values = tf.tidy(() =>
    tf
      .matMul(
        tf.tensor2d(a.values, [a.rowCount, a.columnCount]),
        tf.tensor2d(b.values, [b.rowCount, b.columnCount]),
        false,
        true,
      )
      .dataSync<"float32">(),
  );
  return { rowCount: a.rowCount, columnCount: b.rowCount, values };
};

async function solved(recommender: Recommender): Promise<Recommender> {
  const result = await recommender.solve?.(product);
  if (!result) throw new TypeError("there is nothing to solve");
  return result;
}

const scoresOf = (model: Recommender, interactions: readonly (readonly number[])[]) => {
  const batch = userBatch(model.itemCount, interactions, { users: "unknown" });
  return model.scores(openParameters(model), batch, testContext({ training: false }));
};

const interactions = asTrainingSplit(
  interactionMatrix({
    userCount: 4,
    itemCount: 5,
    users: Int32Array.of(0, 0, 1, 1, 2),
    items: Int32Array.of(0, 3, 0, 1, 0),
    weights: Float32Array.of(1, 1, 1, 2.5, 1),
  }),
);

describe("easeR", async () => {
  const small = await solved(easeR({ interactions, l2Weight: 0.5 }));
  for (const { name, check } of recommenderChecks(() => small)) it(name, check);

  it("has the closed form of two items", async () => {
    // Both users of item 0 also have item 1, and one has it without: XᵀX + λI = [[2 + λ, 2], [2, 3 + λ]].
    const pair = asTrainingSplit(
      interactionMatrix({
        userCount: 3,
        itemCount: 2,
        users: Int32Array.of(0, 0, 1, 1, 2),
        items: Int32Array.of(0, 1, 0, 1, 1),
      }),
    );
    const model = await solved(easeR({ interactions: pair, l2Weight: 4 }));
    // The least squares of one item on the other: 2 / (2 + λ) and 2 / (3 + λ).
    const [[own, other], [back, itself]] = (await scoresOf(model, [[0], [1]]).array()) as number[][];
    expect([own, itself]).toEqual([0, 0]);
    expect(other).toBeCloseTo(2 / 6, 6);
    expect(back).toBeCloseTo(2 / 7, 6);
  });

  it("agrees with the inverse in double precision, over several blocks", async () => {
    const { train } = syntheticCatalogue({ users: 500, items: 300, seed: 4 });
    const { users, items, weights } = toEntries(train);
    const dense = new Float64Array(500 * 300);
    users.forEach((user, entry) => {
      dense[user * 300 + items[entry]] = weights?.[entry] ?? 1;
    });
    const gram = new Float64Array(300 * 300);
    for (let user = 0; user < 500; user += 1)
      for (let row = 0; row < 300; row += 1)
        for (let column = 0; column < 300; column += 1)
          gram[row * 300 + column] += dense[user * 300 + row] * dense[user * 300 + column];
    for (let item = 0; item < 300; item += 1) gram[item * 301] += 20;
    const { values: inverse } = invertPositiveDefinite({ size: 300, values: gram });
    const model = await solved(easeR({ interactions: train, l2Weight: 20 }));
    const scores = await scoresOf(
      model,
      Array.from({ length: 300 }, (_, item) => [item]),
    ).data();
    scores.forEach((score, entry) => {
      const [row, column] = [Math.floor(entry / 300), entry % 300];
      const expected = row === column ? 0 : -inverse[entry] / inverse[column * 301];
      expect(Math.abs(score - expected)).toBeLessThan(1e-5);
    });
  });

  it("scores 0 for users and items without interactions, and a single item", async () => {
    const [none, some] = (await scoresOf(small, [[], [2, 4]]).array()) as number[][];
    expect([...none, ...some]).toEqual(Array(10).fill(0));
    const one = asTrainingSplit(
      interactionMatrix({ userCount: 2, itemCount: 1, users: Int32Array.of(0), items: Int32Array.of(0) }),
    );
    expect(await scoresOf(await solved(easeR({ interactions: one })), [[0]]).array()).toEqual([[0]]);
    const empty = asTrainingSplit(
      interactionMatrix({ userCount: 2, itemCount: 3, users: new Int32Array(0), items: new Int32Array(0) }),
    );
    expect(await scoresOf(await solved(easeR({ interactions: empty })), [[1]]).array()).toEqual([[0, 0, 0]]);
  });

  it("refuses a λ that is not positive, and one that single precision cannot solve", async () => {
    for (const l2Weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => easeR({ interactions, l2Weight })).toThrow(/^easeR: l2Weight/);
    // Two items with the same users.
    const twins = asTrainingSplit(
      interactionMatrix({
        userCount: 50,
        itemCount: 2,
        users: Int32Array.from({ length: 100 }, (_, entry) => entry >> 1),
        items: Int32Array.from({ length: 100 }, (_, entry) => entry & 1),
      }),
    );
    await expect(solved(easeR({ interactions: twins, l2Weight: 1e-6 }))).rejects.toThrow(InvalidDataError);
    await expect(solved(easeR({ interactions: twins, l2Weight: 1e-6 }))).rejects.toThrow(
      /^easeR: l2Weight 0.000001, .* expected a greater one$/,
    );
  });

  it("refuses more items than memory holds, and says how many fit", () => {
    const many = asTrainingSplit(
      interactionMatrix({
        userCount: 1,
        itemCount: 100_000,
        users: new Int32Array(0),
        items: new Int32Array(0),
      }),
    );
    expect(() => easeR({ interactions: many, memoryLimit: 6e8 })).toThrow(InvalidDataError);
    expect(() => easeR({ interactions: many, memoryLimit: 6e8 })).toThrow(
      "easeR: 100000 items, which take 60.0 GB; expected at most 10000 items, which fit in the 0.600 GB of memory",
    );
    const huge = { ...many, itemCount: 100_000_000 };
    expect(() => easeR({ interactions: huge })).toThrow(/items, which fit in the/);
  });

  it("refuses a held-out part, and says that it has to be opened", () => {
    // @ts-expect-error
    expect(() => easeR({ interactions: { ...interactions, part: "test" } })).toThrow(InvalidOptionsError);
    expect(() => scoresOf(easeR({ interactions }), [[0]])).toThrow(UnsupportedError);
  });
});
