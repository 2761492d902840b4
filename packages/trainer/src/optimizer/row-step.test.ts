import { readFile } from "node:fs/promises";
import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import loadWabt from "wabt";
import { adamScalars, adamSchema, adamStep, resolveSettings } from "./adam";
import { rowFactors, rowRoom } from "./row-place";
import { numberByNumber, rowStep } from "./row-step";
import { rowStepProgram, startRowProgram } from "./row-step-program";

beforeAll(() => tf.setBackend("cpu"));

const cases = [
  ["Adam", undefined, 40],
  ["AdamW, with settings of its own for a group", "slow", 40],
  ["a single number", undefined, 1],
  ["a rest after fours", "slow", 603],
  ["more numbers than a page of memory has", undefined, 9001],
] as const;

it.each(cases)("takes the steps of the whole array, to the bit: %s", (_, group, width) => {
  const adam = adamSchema.parse({ parameterGroups: { slow: { learningRate: 3e-4, weightDecay: 0.1 } } });
  const settings = resolveSettings(group === undefined ? {} : { group }, adam);
  const random = RandomGenerator.fromSeed(3);
  const drawn = (size: number) => random.fillNormal(new Float32Array(size));
  const room = rowRoom(width);
  const block = new Float32Array(5 + 3 * room + 1).fill(7);
  block.set(drawn(width), 5);
  block.fill(0, 5 + room, 5 + 3 * room);
  const other = block.slice();
  let whole = {
    parameter: tf.tensor(block.slice(5, 5 + width)),
    mean: tf.zeros([width]),
    square: tf.zeros([width]),
  };
  for (let step = 0; step < 10; step += 1) {
    const gradient = drawn(width);
    const { rate, offset } = adamScalars(step, adam);
    whole = adamStep(
      whole.parameter,
      tf.tensor(gradient),
      whole,
      { rate: tf.scalar(rate), offset: tf.scalar(offset) },
      settings,
    );
    const factors = rowFactors({ rate, offset }, settings);
    rowStep({ block, start: 5 }, gradient, factors);
    numberByNumber({ block: other, start: 5 }, gradient, factors);
  }
  for (const [part, tensor] of [whole.parameter, whole.mean, whole.square].entries()) {
    const start = 5 + part * room;
    for (const rows of [block, other]) expect(rows.subarray(start, start + width)).toEqual(tensor.dataSync());
  }
  expect([block[4], block[5 + 3 * room]]).toEqual([7, 7]);
});

it("has a program of WebAssembly where a process may reserve addresses for it", () => {
  expect(startRowProgram()).toBeDefined();
});

it("runs the program of row-step.wat", async () => {
  const { parseWat } = await loadWabt();
  const text = await readFile(new URL("row-step.wat", import.meta.url), "utf8");
  const program = parseWat("row-step.wat", text, { simd: true });
  expect(Buffer.from(program.toBinary({}).buffer).toString("base64")).toBe(rowStepProgram);
});
