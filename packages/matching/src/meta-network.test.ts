import { type ForwardContext, RandomGenerator } from "@dmrec/core";
import { openParameters, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { dense, mapped, plus, type Rows, rowsOf, times } from "../../../testing/plain-math";
import { type BaseNetworkSettings, encodeProfiles, metaNetwork } from "./meta-network";

const random = RandomGenerator.fromSeed(3);
const matrix = (rowCount: number, columnCount: number) => ({
  rowCount,
  columnCount,
  values: random.fillNormal(new Float32Array(rowCount * columnCount)),
});
const model = {
  parameters: metaNetwork({
    profileEmbeddings: { users: matrix(4, 3), items: matrix(5, 3) },
    latentDimension: 2,
    hiddenDimension: 4,
    random,
  }),
};
const batch = userBatch(5, [[0, { item: 3, weight: 2 }], [4], []], { users: [2, 0, 3] });
/** The batch's rows of x. */
const x: Rows = [
  [1, 0, 0, 2, 0],
  [0, 0, 0, 0, 1],
  [0, 0, 0, 0, 0],
];
const profiles = [2, 0, 3].map((user) => rowsOf(model, "users")[user]);

/** [μ_l, log σ_l²] = W₂ tanh(W₁ g + b₁) + b₂ */
const expected = (g: Rows) => dense(model, "output", mapped(dense(model, "hidden", g), Math.tanh));

function encoded(settings: BaseNetworkSettings, context: ForwardContext = testContext()): number[][] {
  const { mean, logVariance } = encodeProfiles(openParameters(model), batch, context, settings);
  return tf.concat2d([mean, logVariance], 1).arraySync();
}

function expectRows(actual: Rows, wanted: Rows): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((row, index) => {
    expect(row).toHaveLength(wanted[index].length);
    row.forEach((value, column) => {
      expect(value).toBeCloseTo(wanted[index][column], 5);
    });
  });
}

describe("the meta-network", () => {
  it("encodes g = x S_I + s_u: means first, then log-variances", () => {
    const g = plus(times(x, rowsOf(model, "items")), profiles);
    expectRows(encoded({ baseNetwork: "interactions-and-profile", dropout: 0 }), expected(g));
  });

  it("encodes s_u only without its base network", () => {
    expectRows(encoded({ baseNetwork: "profile", dropout: 0 }), expected(profiles));
  });

  it("leaves out interactions at its rate, and nothing of profiles", () => {
    const rates: number[] = [];
    const halving: ForwardContext = {
      ...testContext(),
      dropout(values, rate) {
        rates.push(rate);
        return tf.mul(values, 0.5);
      },
    };
    const g = plus(
      mapped(times(x, rowsOf(model, "items")), (value) => value / 2),
      profiles,
    );
    expectRows(encoded({ baseNetwork: "interactions-and-profile", dropout: 0.3 }, halving), expected(g));
    expect(rates).toEqual([0.3]);
  });
});
