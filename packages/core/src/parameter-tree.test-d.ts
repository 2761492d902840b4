import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { expectTypeOf, it } from "vitest";
import type { PairBatch, Recommender, TensorsOf, UserBatch } from "./index";
import { constant, parameter, tensorsOf } from "./index";

const tree = {
  hidden: { weights: parameter([3, 2], new Float32Array(6)), bias: parameter([2], new Float32Array(2)) },
  layers: [{ bias: parameter([2], new Float32Array(2)) }],
  graph: constant([1, 1, 1], new Int32Array(1)),
};

it("gives each array a tensor of its rank", () => {
  expectTypeOf(tensorsOf(tree, () => null as unknown as Tensor).hidden.weights).toEqualTypeOf<Tensor2D>();
  expectTypeOf<TensorsOf<typeof tree>["hidden"]["bias"]>().toEqualTypeOf<Tensor1D>();
  expectTypeOf<TensorsOf<typeof tree>["layers"][number]["bias"]>().toEqualTypeOf<Tensor1D>();
  expectTypeOf<TensorsOf<typeof tree>["graph"]>().toEqualTypeOf<Tensor>();
});

it("lets every recommender be used as any recommender", () => {
  const open = (recommender: Recommender) => recommender.name;
  expectTypeOf(open).toBeCallableWith({} as Recommender<typeof tree, UserBatch>);
  expectTypeOf(open).toBeCallableWith({} as Recommender<typeof tree, PairBatch, { scores: Tensor2D }>);
});
