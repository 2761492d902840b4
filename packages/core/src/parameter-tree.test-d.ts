import { matMul, mean, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { expectTypeOf, it } from "vitest";
import type { PairBatch, Recommender, TensorsOf } from "./index";
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

it("lets a model name the types of its own tensors and batch", () => {
  class Model implements Recommender {
    readonly name = "model";
    readonly configuration = {};
    readonly itemCount = 1;
    readonly reads = { interactions: true, profile: false, userIndex: false };
    readonly examples = { kind: "pairs", negatives: 1 } as const;
    readonly parameters = tree;
    loss({ hidden }: TensorsOf<typeof tree>, batch: PairBatch) {
      return { loss: mean<Scalar>(matMul(hidden.weights, batch.negatives)) };
    }
    scores(parameters: TensorsOf<typeof tree>) {
      return parameters.hidden.weights;
    }
  }
  expectTypeOf<Model["examples"]["negatives"]>().toEqualTypeOf<1>();
});
