import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { arraysByName, constant, inGroup, parameter, tensorsOf } from "./parameter-tree";

const layer = () => ({
  weights: parameter([1, 2], Float32Array.of(1, 2)),
  bias: parameter([2], new Float32Array(2)),
});
const tree = { encoder: [layer(), layer()], graph: constant([1], Int32Array.of(7)) };

describe("a parameter tree", () => {
  it("names its arrays by their path, in order", () => {
    expect([...arraysByName(tree).keys()]).toEqual([
      "encoder.0.weights",
      "encoder.0.bias",
      "encoder.1.weights",
      "encoder.1.bias",
      "graph",
    ]);
  });

  it("becomes a tree of tensors of the same form", () => {
    const tensors = tensorsOf(tree, (name) => tf.tensor([name.length]));
    expect(tensors.encoder[1].bias.dataSync()[0]).toBe("encoder.1.bias".length);
    expect(tensors.graph.dataSync()[0]).toBe("graph".length);
  });

  it("puts trained arrays in a group and leaves constants alone", () => {
    const arrays = arraysByName(inGroup("denoiser", tree));
    expect(arrays.get("encoder.1.bias")).toMatchObject({ group: "denoiser" });
    expect(arrays.get("graph")).toEqual(tree.graph);
  });
});
