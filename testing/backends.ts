import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe } from "vitest";

/** The name of every tfjs backend that is registered, e.g. `cpu`. */
export const backends = Object.keys(tf.engine().registryFactory);

/** Runs the same tests on every backend. */
export function describeOnEveryBackend(name: string, tests: () => void): void {
  describe.each(backends)(`${name} on %s`, (backend) => {
    beforeAll(async () => {
      if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
    });
    tests();
  });
}
