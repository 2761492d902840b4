import { type InteractionMatrix, RandomGenerator } from "@dmrec/core";
import { interactionMatrix, syntheticCatalogue } from "@dmrec/data";
import { Matrix, SVD } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { truncatedSvd } from "./truncated-svd";

function denseOf({ userCount, itemCount, offsets, items, weights }: InteractionMatrix): Matrix {
  const dense = Matrix.zeros(userCount, itemCount);
  for (let user = 0; user < userCount; user += 1)
    for (let edge = offsets[user]; edge < offsets[user + 1]; edge += 1)
      dense.set(user, items[edge], weights[edge]);
  return dense;
}

describe("the truncated SVD", () => {
  it("agrees with the whole one of a dense matrix", () => {
    const { train } = syntheticCatalogue({ users: 120, items: 60, seed: 3 });
    const { singularValues, rightVectors } = truncatedSvd(train, {
      rank: 8,
      random: RandomGenerator.fromSeed(1),
      iterations: 40,
    });
    const whole = new SVD(denseOf(train));
    singularValues.forEach((value, index) => {
      expect(value).toBeCloseTo(whole.diagonal[index], 6);
      let cosine = 0;
      for (let item = 0; item < 60; item += 1)
        cosine += rightVectors[item * 8 + index] * whole.rightSingularVectors.get(item, index);
      expect(Math.abs(cosine)).toBeCloseTo(1, 4);
    });
  });

  it("finds as many as there are, and nothing where there is nothing", () => {
    const pairs = { users: Int32Array.of(0, 0, 1, 1, 2), items: Int32Array.of(0, 1, 0, 1, 3) };
    const options = { rank: 5, random: RandomGenerator.fromSeed(1) };
    const two = truncatedSvd(interactionMatrix({ userCount: 4, itemCount: 5, ...pairs }), options);
    expect([...two.singularValues].map((value) => Number(value.toFixed(6)))).toEqual([2, 1]);
    const none = { users: new Int32Array(0), items: new Int32Array(0) };
    const empty = truncatedSvd(interactionMatrix({ userCount: 4, itemCount: 5, ...none }), options);
    expect(empty.singularValues).toHaveLength(0);
  });
});
