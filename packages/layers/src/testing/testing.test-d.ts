import { parameter, type Recommender, type TensorBranch } from "@dmrec/core";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { expectTypeOf, it } from "vitest";
import { denseLayer } from "../dense-layer";
import { openParameters } from "./index";

declare const recommender: Recommender;
declare const random: Parameters<typeof denseLayer>[2];

it("gives the tensors of a known tree their ranks, and those of any model no names", () => {
  const own = openParameters({
    parameters: { layers: [denseLayer(2, 3, random)], scale: parameter([1], new Float32Array(1)) },
  });
  expectTypeOf(own.layers[0].weights).toEqualTypeOf<Tensor2D>();
  expectTypeOf(own.scale).toEqualTypeOf<Tensor1D>();
  expectTypeOf(openParameters(recommender)).toEqualTypeOf<TensorBranch>();
});

it("gives a model within a model no names", () => {
  const both = openParameters({
    parameters: { own: denseLayer(2, 3, random), other: recommender.parameters },
  });
  expectTypeOf(both.own.bias).toEqualTypeOf<Tensor1D>();
  expectTypeOf(both.other).toEqualTypeOf<TensorBranch>();
});
