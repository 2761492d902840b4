import { availableParallelism } from "node:os";
import { InvalidDataError, InvalidOptionsError, RuntimeError, UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { CompiledFunction, compile, describeRuntime, trace } from "./index";

beforeAll(() => tf.setBackend("cpu"));

describe("compile", () => {
  it("runs a function of tensors, again and again", async () => {
    const norm = await compile(({ x }) => ({ y: tf.norm(x) }), { x: { shape: [2] } });
    expect((await norm.run({ x: Float32Array.of(3, 4) })).y).toEqual(Float32Array.of(5));
    expect((await norm.run({ x: Float32Array.of(6, 8) })).y).toEqual(Float32Array.of(10));
    await norm.release();
  });

  it("writes an output where it is told to", async () => {
    const twice = await compile(({ x }) => ({ y: tf.mul(x, 2) }), { x: { shape: [3] } });
    const y = new Float32Array(3);
    const outputs = await twice.run({ x: Float32Array.of(1, 2, 3) }, { y });
    expect(outputs.y).toBe(y);
    expect([...y]).toEqual([2, 4, 6]);
    await twice.release();
  });

  it("takes gradients, through tfjs's own definitions of them", async () => {
    const slope = tf.grads((w, x) => tf.sum(tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D))));
    const inputs = { w: { shape: [3, 2] }, x: { shape: [4, 3] } };
    const compiled = await compile(({ w, x }) => ({ dw: slope([w, x])[0] }), inputs);
    const w = Float32Array.from({ length: 6 }, (_, index) => Math.sin(index));
    const x = Float32Array.from({ length: 12 }, (_, index) => Math.cos(index));
    const expected = slope([tf.tensor2d(w, [3, 2]), tf.tensor2d(x, [4, 3])])[0].dataSync();
    const { dw } = await compiled.run({ w, x });
    expected.forEach((value, index) => {
      expect(dw[index]).toBeCloseTo(value, 5);
    });
    await compiled.release();
  });

  it("keeps what the function closes over, small or large, and leaves no tensors behind", async () => {
    const [small, large] = [tf.scalar(3), tf.ones([100, 100])];
    const before = tf.memory().numTensors;
    const compiled = await compile(({ x }) => ({ y: tf.mul(tf.sum(tf.mul(large, x)), small) }), {
      x: { shape: [100] },
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe("cpu");
    expect((await compiled.run({ x: new Float32Array(100).fill(1) })).y).toEqual(Float32Array.of(30_000));
    await compiled.release();
  });

  it("refuses inputs of another length or type, and missing ones", async () => {
    const compiled = await compile(({ x }) => ({ y: tf.neg(x) }), { x: { shape: [2, 2] } });
    await expect(compiled.run({ x: new Float32Array(3) })).rejects.toThrow(InvalidDataError);
    await expect(compiled.run({ x: new Float32Array(3) })).rejects.toThrow(
      /"x".*a Float32Array of 3 elements; expected a Float32Array of 4 elements for float32 \[2, 2\]/,
    );
    await expect(compiled.run({ x: new Int32Array(4) })).rejects.toThrow(/a Int32Array/);
    await expect(compiled.run({})).rejects.toThrow(/nothing; expected/);
    await compiled.release();
    await expect(compiled.run({ x: new Float32Array(4) })).rejects.toThrow(/released/);
  });

  it("refuses an output with the name of an input, which no model can have, and two inputs of one name", async () => {
    for (const compute of [
      ({ x }: { readonly x: tf.Tensor }) => ({ x: tf.neg(x) }),
      ({ x }: { readonly x: tf.Tensor }) => ({ x }),
    ]) {
      const compiling = compile(compute, { x: { shape: [2] } });
      await expect(compiling).rejects.toThrow(InvalidOptionsError);
      await expect(compiling).rejects.toThrow(/trace: an input and an output called "x"/);
    }
    const twice = () =>
      trace((recorder) => ({ y: tf.add(recorder.input("x", [1]), recorder.input("x", [1])) }));
    expect(twice).toThrow(/trace: two inputs called "x"/);
  });

  it("says what ONNX Runtime found wrong while it ran", async () => {
    const inputs = { x: { shape: [2] }, at: { shape: [1], dtype: "int32" as const } };
    const compiled = await compile(({ x, at }) => ({ y: tf.gather(x, at as tf.Tensor1D) }), inputs);
    const failure = await compiled
      .run({ x: Float32Array.of(1, 2), at: Int32Array.of(7) })
      .catch((error) => error);
    expect(RuntimeError.isInstance(failure)).toBe(true);
    expect(String(failure)).toMatch(/ONNX Runtime: .*7/s);
    await compiled.release();
  });

  it("refuses options out of range and execution providers that are not here", async () => {
    const negate = (options: Parameters<typeof describeRuntime>[0]) => describeRuntime(options);
    await expect(negate({ threads: 0 })).rejects.toThrow(InvalidOptionsError);
    const failure = await negate({ executionProvider: "cuda" }).catch((error) => error);
    expect(UnsupportedError.isInstance(failure)).toBe(true);
    expect(failure.message).toMatch(/does not start on "cuda".*; choose a provider that this machine has/);
    expect(await negate({ threads: 3 })).toEqual({
      executionProvider: "cpu",
      memory: "host",
      threads: 3,
      runner: "native",
    });
  });

  it("uses the threads that the environment names, and all that the process may use without a name", async () => {
    const threadsWith = async (given: string) => {
      vi.stubEnv("DMREC_THREADS", given);
      return (await describeRuntime()).threads;
    };
    try {
      expect(await threadsWith("3")).toBe(3);
      expect(await threadsWith("")).toBe(availableParallelism());
      for (const wrong of ["0", "2.5", "many"])
        await expect(threadsWith(wrong)).rejects.toThrow(
          `DMREC_THREADS: expected a positive whole number, not ${wrong}`,
        );
      expect((await describeRuntime({ threads: 2 })).threads).toBe(2);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("names the called function in an error about options", async () => {
    const options = { threads: 0 };
    const graph = trace((recorder) => ({ y: tf.neg(recorder.input("x", [1])) }));
    const calls = {
      compile: () => compile(({ x }) => ({ y: tf.neg(x) }), { x: { shape: [1] } }, options),
      describeRuntime: () => describeRuntime(options),
      "CompiledFunction.create": () => CompiledFunction.create(graph, options),
    };
    for (const [owner, call] of Object.entries(calls))
      await expect(call()).rejects.toMatchObject({ owner, issues: [{ path: "threads" }] });
  });
});
