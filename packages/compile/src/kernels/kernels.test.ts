import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, kernels } from "../index";

/** A function of random tensors whose result must be what tfjs's own CPU kernels give. */
interface Sample {
  /** Values of each argument are drawn from here. */
  readonly from: readonly [least: number, most: number];
  readonly dtype?: "float32" | "int32" | "bool";
  readonly compute: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** The shapes of the arguments; random ones if this is missing, broadcast against each other if there are two. */
  readonly shapes?: readonly (readonly number[])[];
  /** Values that are tried too, such as NaN and ±∞, where the kernel says what they give. */
  readonly special?: readonly number[];
}

const everything = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e-8, -1e-8, 30, -30];

const unary = (
  compute: (x: tf.Tensor) => tf.Tensor,
  from: Sample["from"] = [-3, 3],
  special: readonly number[] = everything,
): Sample => ({ from, compute, special });
const binary = (
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  from: Sample["from"] = [-3, 3],
): Sample => ({
  from,
  compute: (a, b) => compute(a, b),
  shapes: [],
});
const shaped = (
  shapes: Sample["shapes"],
  compute: Sample["compute"],
  from: Sample["from"] = [-3, 3],
): Sample => ({
  from,
  compute,
  shapes: shapes ?? [],
});
const ofIntegers = (sample: Sample): Sample => ({ ...sample, dtype: "int32" });
const ofBooleans = (sample: Sample): Sample => ({ ...sample, dtype: "bool", from: [0, 1] });

/** At least one sample for every kernel of the table. */
const samples: Readonly<Record<string, Sample | readonly Sample[]>> = {
  Abs: unary(tf.abs),
  Acos: unary(tf.acos, [-1, 1]),
  Acosh: unary(tf.acosh, [1, 9]),
  Add: [binary(tf.add), ofIntegers(binary(tf.add))],
  AddN: shaped(
    [
      [3, 2],
      [3, 2],
      [3, 2],
    ],
    (...tensors) => tf.addN(tensors),
  ),
  All: [ofBooleans(shaped([[4, 3]], (x) => tf.all(x, 1))), ofBooleans(shaped([[4, 3]], (x) => tf.all(x)))],
  Any: ofBooleans(shaped([[4, 3]], (x) => tf.any(x, 0, true))),
  ArgMax: shaped([[4, 5]], (x) => tf.argMax(x, 1)),
  ArgMin: shaped([[4, 5]], (x) => tf.argMin(x, 0)),
  Asin: unary(tf.asin, [-1, 1]),
  Asinh: unary(tf.asinh),
  Atan: unary(tf.atan),
  Atanh: unary(tf.atanh, [-0.9, 0.9], [0, 1e-8]),
  BatchMatMul: [
    shaped(
      [
        [5, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [7, 5],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b, true),
    ),
    shaped(
      [
        [5, 7],
        [3, 7],
      ],
      (a, b) => tf.matMul(a, b, false, true),
    ),
    shaped(
      [
        [7, 5],
        [3, 7],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    shaped(
      [
        [2, 7, 5],
        [2, 3, 7],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    shaped(
      [
        [4, 5, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [0, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [5, 0],
        [0, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [130, 257],
        [257, 65],
      ],
      (a, b) => tf.matMul(a, b),
      [-0.5, 0.5],
    ),
  ],
  Cast: [
    shaped([[2, 3]], (x) => tf.cast(x, "int32")),
    shaped([[2, 3]], (x) => tf.cast(x, "bool"), [-1, 1]),
    ofIntegers(shaped([[2, 3]], (x) => tf.cast(x, "float32"))),
    ofBooleans(shaped([[2, 3]], (x) => tf.cast(x, "int32"))),
  ],
  Ceil: unary(tf.ceil),
  ClipByValue: [
    unary((x) => tf.clipByValue(x, -1, 2), [-3, 3], []),
    ofIntegers(unary((x) => tf.clipByValue(x, -1, 2), [-3, 3], [])),
  ],
  Concat: [
    shaped(
      [
        [2, 3],
        [4, 3],
      ],
      (a, b) => tf.concat([a, b], 0),
    ),
    shaped(
      [
        [2, 3, 2],
        [2, 1, 2],
        [2, 0, 2],
      ],
      (...tensors) => tf.concat(tensors, 1),
    ),
  ],
  Cos: unary(tf.cos),
  Cosh: unary(tf.cosh),
  Cumsum: [shaped([[3, 4]], (x) => tf.cumsum(x, 1)), shaped([[3, 4]], (x) => tf.cumsum(x, 0, true, true))],
  Elu: unary(tf.elu),
  EluGrad: unary((x) => tf.grad((y: tf.Tensor) => tf.elu(y))(x), [-3, 3], []),
  Equal: [binary(tf.equal, [0, 2]), ofIntegers(binary(tf.equal, [0, 2]))],
  Erf: unary(tf.erf),
  Exp: unary(tf.exp),
  ExpandDims: shaped([[3, 2]], (x) => tf.expandDims(x, 1)),
  Expm1: unary(tf.expm1),
  Fill: shaped([[2]], (x) => tf.add(x, tf.fill([3, 2], 7))),
  Floor: unary(tf.floor),
  FloorDiv: [
    shaped(
      [
        [4, 3],
        [4, 3],
      ],
      (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 0.5)),
    ),
    ofIntegers(
      shaped(
        [[8], [8]],
        (a, b) => tf.floorDiv(a, tf.sub(tf.mul(b, tf.scalar(2, "int32")), tf.scalar(1, "int32"))),
        [-9, 9],
      ),
    ),
  ],
  GatherNd: shaped([[4, 5]], (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [3, 4],
          [3, 4],
        ],
        [3, 2],
        "int32",
      ),
    ),
  ),
  GatherV2: [
    shaped([[4, 5]], (x) => tf.gather(x, tf.tensor1d([3, 0, 3], "int32"))),
    shaped([[4, 5]], (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [1, 0],
            [2, 2],
          ],
          [2, 2],
          "int32",
        ),
        1,
      ),
    ),
    shaped([[4, 5]], (x) => tf.gather(x, tf.tensor1d([], "int32"))),
  ],
  Greater: binary(tf.greater, [0, 2]),
  GreaterEqual: binary(tf.greaterEqual, [0, 2]),
  Identity: unary(tf.clone),
  IsFinite: unary(tf.isFinite),
  IsInf: unary(tf.isInf),
  IsNan: unary(tf.isNaN),
  LeakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  Less: binary(tf.less, [0, 2]),
  LessEqual: binary(tf.lessEqual, [0, 2]),
  LinSpace: shaped([[4]], (x) => tf.add(x, tf.linspace(0, 3, 4))),
  Log: unary(tf.log, [0.01, 9]),
  Log1p: unary(tf.log1p, [-0.9, 9]),
  LogicalAnd: ofBooleans(binary(tf.logicalAnd)),
  LogicalNot: ofBooleans(shaped([[4]], (x) => tf.logicalNot(x))),
  LogicalOr: ofBooleans(binary(tf.logicalOr)),
  Max: [
    shaped([[3, 4]], (x) => tf.max(x, 1)),
    shaped([[3, 4]], (x) => tf.max(x)),
    shaped([[3, 4]], (x) => tf.max(x, 0, true)),
  ],
  Maximum: [binary(tf.maximum), ofIntegers(binary(tf.maximum))],
  Mean: [shaped([[3, 4, 2]], (x) => tf.mean(x, [0, 2])), ofIntegers(shaped([[3, 4]], (x) => tf.mean(x)))],
  Min: shaped([[3, 4]], (x) => tf.min(x, -1)),
  Minimum: binary(tf.minimum),
  Mod: shaped(
    [
      [5, 3],
      [5, 3],
    ],
    (a, b) => tf.mod(a, tf.add(tf.sign(b), b)),
  ),
  Multiply: [binary(tf.mul), ofIntegers(binary(tf.mul))],
  Neg: unary(tf.neg),
  NotEqual: binary(tf.notEqual, [0, 2]),
  OneHot: ofIntegers(shaped([[2, 3]], (x) => tf.oneHot(x as tf.Tensor2D, 4, 5, -1), [-1, 5])),
  OnesLike: unary((x) => tf.add(tf.onesLike(x), x)),
  Pack: [
    shaped(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => tf.stack([a, b], 1),
    ),
    shaped([[2], [2]], (a, b) => tf.stack([a, b], -1)),
  ],
  PadV2: shaped([[2, 3]], (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      9,
    ),
  ),
  Pow: shaped([[4, 3], [3]], (a, b) => tf.pow(tf.abs(a), b)),
  Prelu: shaped([[4, 3], [3]], (x, alpha) => tf.prelu(x, alpha)),
  Prod: shaped([[3, 4]], (x) => tf.prod(x, 1)),
  Range: shaped([[4]], (x) => tf.add(x, tf.range(0, 8, 2))),
  RealDiv: shaped(
    [
      [4, 3],
      [4, 1],
    ],
    (a, b) => tf.div(a, b),
  ),
  Reciprocal: unary(tf.reciprocal),
  Relu: unary(tf.relu),
  Relu6: unary(tf.relu6, [-9, 9]),
  Reshape: [shaped([[3, 4]], (x) => tf.reshape(x, [2, -1])), shaped([[0, 4]], (x) => tf.reshape(x, [4, 0]))],
  Reverse: shaped([[3, 4]], (x) => tf.reverse(x, [1])),
  Round: unary(tf.round, [-3, 3], [0.5, 1.5, -0.5, 2.5]),
  Rsqrt: unary(tf.rsqrt, [0.1, 9]),
  ScatterNd: [
    shaped([[4]], (x) => tf.scatterND(tf.tensor2d([[1], [1], [3], [0]], [4, 1], "int32"), x, [5])),
    shaped([[4, 3]], (x) => tf.scatterND(tf.tensor2d([[1], [1], [3], [0]], [4, 1], "int32"), x, [5, 3])),
    shaped([[3]], (x) =>
      tf.scatterND(
        tf.tensor2d(
          [
            [1, 0],
            [1, 0],
            [2, 1],
          ],
          [3, 2],
          "int32",
        ),
        x,
        [3, 2],
      ),
    ),
    shaped([[0, 3]], (x) => tf.scatterND(tf.tensor2d([], [0, 1], "int32"), x, [2, 3])),
  ],
  Select: [
    shaped(
      [
        [3, 2],
        [3, 2],
      ],
      (a, b) => tf.where(tf.greater(a, b), a, b),
    ),
  ],
  Selu: unary(tf.selu),
  Sigmoid: unary(tf.sigmoid),
  Sign: unary(tf.sign, [-3, 3], [0, 5, -5]),
  Sin: unary(tf.sin),
  Sinh: unary(tf.sinh),
  Slice: [shaped([[4, 5]], (x) => tf.slice(x, [1, 2], [2, -1])), shaped([[4, 5]], (x) => tf.slice(x, 2, 1))],
  Softmax: [shaped([[3, 7]], (x) => tf.softmax(x), [-50, 50]), shaped([[4, 1]], (x) => tf.softmax(x))],
  Softplus: unary(tf.softplus, [-30, 30], []),
  SplitV: [shaped([[4, 6]], (x) => tf.split(x, 3, 1)), shaped([[4, 6]], (x) => tf.split(x, [1, 3], 0))],
  Sqrt: unary(tf.sqrt, [0, 9]),
  Square: unary(tf.square),
  SquaredDifference: binary(tf.squaredDifference),
  Step: unary((x) => tf.step(x, 0.2)),
  Sub: [binary(tf.sub), ofIntegers(binary(tf.sub))],
  Sum: [
    shaped([[3, 4]], (x) => tf.sum(x)),
    shaped([[3, 4]], (x) => tf.sum(x, 1, true)),
    shaped([[3, 0]], (x) => tf.sum(x, 1)),
    shaped([[]], (x) => tf.sum(x)),
    ofIntegers(shaped([[3, 4]], (x) => tf.sum(x, 0))),
    shaped([[300, 4000]], (x) => tf.sum(x, 0)),
  ],
  Tan: unary(tf.tan, [-1, 1], [0]),
  Tanh: unary(tf.tanh),
  TensorScatterUpdate: shaped(
    [
      [4, 2],
      [2, 2],
    ],
    (x, updates) => tf.tensorScatterUpdate(x, tf.tensor2d([[3], [0]], [2, 1], "int32"), updates),
  ),
  Tile: shaped([[2, 3]], (x) => tf.tile(x, [2, 2])),
  TopK: shaped([[3, 8]], (x) => {
    const { values, indices } = tf.topk(x, 3);
    return [values, indices];
  }),
  Transpose: [
    shaped([[2, 3, 4]], (x) => tf.transpose(x, [2, 0, 1])),
    shaped([[2, 3]], (x) => tf.transpose(x, [0, 1])),
  ],
  Unpack: shaped([[3, 2]], (x) => tf.unstack(x, 0)),
  UnsortedSegmentSum: shaped([[4, 2]], (x) =>
    tf.unsortedSegmentSum(x, tf.tensor1d([1, -1, 1, 0], "int32"), 3),
  ),
  ZerosLike: unary((x) => tf.add(tf.zerosLike(x), x)),
  _FusedMatMul: (["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const).map((activation) =>
    shaped([[4, 3], [3, 5], [5]], (a, b, bias) =>
      tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias, activation, leakyreluAlpha: 0.3 }),
    ),
  ),
};

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

beforeAll(() => tf.setBackend("cpu"));

it("has a sample for every kernel of the table", () => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(kernels).sort());
});

it("is listed in the README", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const listed = new Set(readme.match(/[\\\w]+/g)?.map((word) => word.replace("\\", "")));
  expect(Object.keys(kernels).filter((name) => !listed.has(name))).toEqual([]);
});

describe.each(Object.entries(samples))("%s", (_name, given) => {
  const list = Array.isArray(given) ? given : [given];
  it.each(list.map((sample: Sample) => [sample]))("is what tfjs computes", async (sample) => {
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
  });
});

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
    { threads: 2 },
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
    for (let index = 0; index < expected.length; index += 1) {
      const [a, b] = [Number(values[index]), Number(expected[index])];
      const same = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
      expect(same, `${name}[${index}]: ${a} instead of ${b}`).toBe(true);
    }
  }
}
