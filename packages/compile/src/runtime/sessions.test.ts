import { DMRecError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import * as onnxruntime from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { type ElementArray, trace } from "../index";
import { encodeModel } from "../onnx/onnx-model";
import { lower } from "../passes";
import { BindingSession } from "./binding/binding-session";
import { CInterface } from "./native/c-interface";
import { NativeSession } from "./native/native-session";
import type { HostTensor, Session } from "./session";
import { sessionSchema } from "./session-options";

const settings = sessionSchema.parse({ threads: 1 });
let model: Uint8Array;
let inputs: readonly HostTensor[];
let result: HostTensor;

beforeAll(async () => {
  await tf.setBackend("cpu");
  const { graph } = lower(
    trace((recorder) => {
      const x = recorder.input<tf.Rank.R2>("x", [2, 3]);
      const at = recorder.input<tf.Rank.R1>("at", [2], "int32");
      const flag = recorder.input<tf.Rank.R1>("flag", [2], "bool");
      return { y: tf.where(flag, tf.gather(tf.sum(x, 1), at), [0, 0]) };
    }),
    { inBlocks: true },
  );
  model = encodeModel(graph);
  const arrays: Readonly<Record<string, ElementArray>> = {
    x: Float32Array.of(1, 2, 3, 4, 5, 6),
    at: Int32Array.of(1, 0),
    flag: Uint8Array.of(1, 0),
  };
  const named = new Map(Object.entries(arrays));
  inputs = graph.inputs.flatMap((value) => {
    const array = named.get(value.name);
    return array ? [{ value, array }] : [];
  });
  result = { value: { name: "y", type: "float32", shape: [2] }, array: new Float32Array(2) };
});

const runners: Readonly<Record<string, (model: Uint8Array) => Promise<Session>>> = {
  native: async (model) => new NativeSession(await CInterface.load(), model, settings),
  binding: (model) => BindingSession.create(onnxruntime, model, settings),
};

describe.each(Object.entries(runners))("the %s session", (name, create) => {
  it("reads and writes the host's arrays, small ones too, whatever the garbage collector does", async () => {
    const session = await create(model);
    expect(session.runner).toBe(name);
    for (let run = 0; run < 50; run += 1) {
      result = { ...result, array: new Float32Array(2) };
      // Garbage, so that arrays would move that may.
      Array.from({ length: 100 }, () => new Float32Array(1000));
      await session.run(inputs, [result]);
      expect([...result.array]).toEqual([15, 0]);
    }
    await session.release();
  });

  it("says what is wrong with a model that is none", async () => {
    await expect(create(model.slice(0, 20))).rejects.toThrow(DMRecError);
  });
});
