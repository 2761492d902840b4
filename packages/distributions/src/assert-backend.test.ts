import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { denseLayer } from "./dense-layer";

it("says how a backend is started where variables have none to live on", () => {
  const make = () => denseLayer(2, 3, RandomGenerator.fromSeed(1));
  expect(make).not.toThrow();
  for (const name of Object.keys(tf.engine().registryFactory)) tf.removeBackend(name);
  expect(make).toThrow(/no tensor backend is started; make the trainer before the models/);
});
