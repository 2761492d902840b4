import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect } from "vitest";
import { compile } from "../../index";
import type { Sample } from "./sample";

const broadcastable = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 3 })
  .chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc
        .nat(shape.length)
        .chain((from) =>
          fc
            .tuple(...shape.slice(from).map((size) => fc.constantFrom(1, size)))
            .map((other): number[] => other),
        ),
    ),
  );
const anyShape = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 0, maxLength: 3 });

/** Compares a kernel with tfjs's own CPU kernel, over random shapes and numbers, and over the special ones. */
export async function expectTfjsResults(sample: Sample): Promise<void> {
  const fixed = sample.shapes && sample.shapes.length > 0;
  const shapes = fixed
    ? fc.constant(sample.shapes.map((shape) => [...shape]))
    : sample.shapes
      ? broadcastable.map(([a, b]) => [a, b])
      : anyShape.map((shape) => [shape]);
  const seeds = fc.integer({ min: 1, max: 1e6 });
  await fc.assert(
    fc.asyncProperty(shapes, seeds, (drawn, seed) => expectSame(sample, drawn, seed)),
    { numRuns: 6 },
  );
  if (sample.special?.length) {
    await expectAgreement(sample, [tf.tensor1d([...sample.special], sample.dtype ?? "float32")]);
  }
}

async function expectSame(
  sample: Sample,
  shapes: readonly (readonly number[])[],
  seed: number,
): Promise<void> {
  const [least, most] = sample.from;
  const tensors = shapes.map((shape, index) => {
    const dtype = sample.dtype ?? "float32";
    const uniform = tf.randomUniform([...shape], 0, 1, "float32", seed + index);
    const scaled =
      dtype === "float32"
        ? tf.add(tf.mul(uniform, most - least), least)
        : tf.floor(tf.add(tf.mul(uniform, most - least + 0.999), least));
    return tf.cast(scaled, dtype);
  });
  await expectAgreement(sample, tensors);
}

async function expectAgreement({ compute }: Sample, tensors: readonly tf.Tensor[]): Promise<void> {
  const results = (values: readonly tf.Tensor[]) => {
    const result = compute(...values);
    return Object.fromEntries(
      (Array.isArray(result) ? result : [result]).map((tensor, index) => [`y${index}`, tensor]),
    );
  };
  const names = tensors.map((_, index) => `x${index}`);
  const compiled = await compile<string>(
    (inputs) => results(names.map((name) => inputs[name])),
    Object.fromEntries(
      tensors.map(({ shape, dtype }, index) => [names[index], { shape, dtype: dtype as "float32" }]),
    ),
    // Threads share the work on large arrays only, and start with each session.
    { threads: tensors.some(({ size }) => size > 1000) ? 2 : 1 },
  );
  const inputs = Object.fromEntries(
    tensors.map((tensor, index) => [names[index], tensor.dataSync<"float32">()]),
  );
  const actual = await compiled.run(inputs);
  await compiled.release();
  // Sums of many numbers in another order differ by what their rounding comes to.
  const tolerance = 2e-6 * Math.sqrt(Math.max(1, ...tensors.flatMap(({ shape }) => shape)));
  for (const [name, tensor] of Object.entries(results(tensors))) {
    const [expected, values] = [tensor.dataSync(), actual[name]];
    expect(values.length).toBe(expected.length);
    const isSame = (a: number, b: number) =>
      Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
    // One assertion for an array: one for each number would take most of the time.
    const wrong = expected.findIndex((value, index) => !isSame(Number(values[index]), Number(value)));
    expect(wrong, `${name}[${wrong}]: ${values[wrong]} instead of ${expected[wrong]}`).toBe(-1);
  }
}
