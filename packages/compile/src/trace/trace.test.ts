import * as tf from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-node";
import { beforeAll, expect, it } from "vitest";
import { CompiledFunction, exportModel, trace, UnmappedKernelError } from "../index";

beforeAll(() => tf.setBackend("cpu"));

it("names a kernel that is not mapped, and the ways out", () => {
  const useless = () =>
    trace((recorder) => ({ y: tf.fft(tf.complex(recorder.input("x", [4]), tf.zeros([4]))) }));
  expect(useless).toThrow(UnmappedKernelError);
  expect(useless).toThrow(/the tfjs kernel Complex is not mapped to ONNX; map it .*, or run it eagerly/);
  expect(tf.getBackend()).toBe("cpu");
});

it("refuses a function that reads numbers, draws them, or changes", () => {
  const input = (compute: (x: tf.Tensor) => tf.Tensor) => () =>
    trace((recorder) => ({ y: compute(recorder.input("x", [2])) }));
  expect(input((x) => (x.dataSync()[0] > 0 ? x : tf.neg(x)))).toThrow(/reads the numbers of a tensor/);
  expect(input((x) => tf.add(x, tf.randomNormal([2])))).toThrow(/draws random numbers/);
  let calls = 0;
  const changing = input((x) => {
    calls += 1;
    return calls % 2 ? tf.neg(x) : tf.abs(x);
  });
  expect(changing).toThrow(/something else each time/);
  expect(() => trace(() => ({ y: trace(() => ({})) as never }))).toThrow(/while another is traced/);
});

it("differentiates with respect to inputs, and gives nothing for an input that the value does not depend on", async () => {
  const graph = trace((recorder) => {
    const inputs = ["x", "y", "unused"].map((name) => recorder.input<tf.Rank.R1>(name, [2]));
    const [x, y] = inputs;
    const { value, grads } = tf
      .engine()
      .gradients(() => tf.sum(tf.mul(tf.square(x), y)), inputs, undefined, true);
    expect(grads[2]).toBeUndefined();
    return { value: tf.clone(value), dx: grads[0], dy: grads[1] };
  });
  const compiled = await CompiledFunction.create(graph);
  const outputs = await compiled.run({
    x: Float32Array.of(3, 4),
    y: Float32Array.of(1, 10),
    unused: new Float32Array(2),
  });
  await compiled.release();
  expect(Object.fromEntries(Object.entries(outputs).map(([name, array]) => [name, [...array]]))).toEqual({
    value: [169],
    dx: [6, 80],
    dy: [9, 16],
  });
});

it("gives as many of the greatest values as each run asks for", async () => {
  const bytes = exportModel(
    ["rows"],
    ({ rows }) =>
      trace((recorder) => {
        const matrix = recorder.input<tf.Rank.R2>("matrix", [rows, 4]);
        return { ...recorder.topK(matrix, recorder.count("count")) };
      }),
    { dimensions: { values: ["rows", "count"], indices: ["rows", "count"] } },
  );
  const session = await ort.InferenceSession.create(bytes);
  expect(session.inputNames).toEqual(["matrix", "count"]);
  const matrix = new ort.Tensor("float32", Float32Array.of(1, 4, 2, 3, 8, 7, 6, 5), [2, 4]);
  for (const [count, expected] of [
    [1, { values: [4, 8], indices: [1, 0] }],
    [3, { values: [4, 3, 2, 8, 7, 6], indices: [1, 3, 2, 0, 1, 2] }],
  ] as const) {
    const requested = new ort.Tensor("int64", BigInt64Array.of(BigInt(count)), [1]);
    const { values, indices } = await session.run({ matrix, count: requested });
    expect({ values: Array.from(values.data, Number), indices: Array.from(indices.data, Number) }).toEqual(
      expected,
    );
    expect(values.dims).toEqual([2, count]);
  }
  await session.release();
});
