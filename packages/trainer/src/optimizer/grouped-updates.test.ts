import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { adamSchema, adamStep, resolveSettings } from "./adam";
import { groupUpdates, type ParameterUpdate, updateTogether } from "./grouped-updates";

beforeAll(() => tf.setBackend("cpu"));

const random = RandomGenerator.fromSeed(1);
const adam = adamSchema.parse({ parameterGroups: { slow: { learningRate: 1e-5 } } });

function update(name: string, shape: [number, number] | [number], group?: string): ParameterUpdate {
  const drawn = () => {
    const size = tf.util.sizeFromShape(shape);
    return tf.tensor(random.fillNormal(new Float32Array(size)), shape);
  };
  return {
    name,
    parameter: drawn(),
    gradient: drawn(),
    before: { mean: drawn(), square: tf.square(drawn()) },
    settings: resolveSettings(group === undefined ? {} : { group }, adam),
  };
}

it("joins small parameters with equal settings, few enough for one operation of WebGPU", () => {
  const names = Array.from({ length: 9 }, (_, index) => `small ${index}`);
  const small = names.map((name) => update(name, [2, 3]));
  const updates = [update("large", [1024, 1025]), ...small, update("slow", [3], "slow")];
  const groups = groupUpdates(updates).map((group) => group.map(({ name }) => name));
  expect(groups).toEqual([["large"], names.slice(0, 7), names.slice(7), ["slow"]]);
});

it("gives each parameter what it would get by itself", () => {
  const updates = [update("a", [2, 3]), update("b", [4]), update("c", [1, 5])];
  const scalars = { rate: tf.scalar(0.01), offset: tf.scalar(1e-8) };
  const together = updateTogether(updates, scalars);
  for (const { name, parameter, gradient, before, settings } of updates) {
    const alone = adamStep(parameter, gradient, before, scalars, settings);
    for (const part of ["parameter", "mean", "square"] as const) {
      expect(together.get(name)?.[part].shape).toEqual(parameter.shape);
      expect(together.get(name)?.[part].arraySync()).toEqual(alone[part].arraySync());
    }
  }
});
