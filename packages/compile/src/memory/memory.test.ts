import { RuntimeError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CompiledFunction, createMemory, type Memory, trace } from "../index";
import { DeviceMemory } from "./device-memory";
import { HostMemory } from "./host-memory";

beforeAll(() => tf.setBackend("cpu"));

const onCard = { executionProvider: "webgpu", threads: 1 } as const;
const probe = await createMemory(onCard);
const hasCard = probe.place === "device";
await probe.release();
const options = { host: { executionProvider: "cpu", threads: 1 }, device: onCard } as const;
const places = hasCard ? (["host", "device"] as const) : (["host"] as const);
if (!hasCard) it.skip(`arrays on a graphics card: ${probe.reason}`);

/** x ← 2 x + step, with the sum of the new x as a result. */
function doubling(size: number) {
  return trace((recorder) => {
    const x = recorder.input<tf.Rank.R2>("x", [size, 2]);
    const step = recorder.input<tf.Rank.R0>("step", []);
    const next = tf.add(tf.mul(2, x), step);
    return { next, sum: tf.sum(next) };
  });
}

const doublingOf = (memory: Memory, size: number) =>
  CompiledFunction.create(doubling(size), options[memory.place], { memory, keeps: { next: "x" } });

describe.each(places)("the memory of the %s", (place) => {
  it("keeps what functions that share it write, and returns copies", async () => {
    const memory = await createMemory(options[place]);
    expect(memory.place).toBe(place);
    const given = Float32Array.of(1, 2, 3, 4);
    memory.write({ x: { shape: [2, 2], values: given } });
    given.fill(0);
    const [one, other] = [await doublingOf(memory, 2), await doublingOf(memory, 2)];
    expect(await one.run({ step: Float32Array.of(1) })).toEqual({ sum: Float32Array.of(24) });
    expect(await other.run({ step: Float32Array.of(0) })).toEqual({ sum: Float32Array.of(48) });
    const { x } = await memory.read(["x", "absent"]);
    expect(x).toEqual({ shape: [2, 2], values: Float32Array.of(6, 10, 14, 18) });
    x.values.fill(0);
    expect((await memory.read(["x"])).x.values[0]).toBe(6);
    for (const compiled of [one, other]) await compiled.release();
    await memory.release();
  });

  it("starts new names with zeros, and forgets what it is told to", async () => {
    const memory = await createMemory(options[place]);
    memory.write({ kept: { shape: [1], values: Float32Array.of(5) } });
    memory.ensure("kept", [1]);
    memory.ensure("x", [1, 2]);
    const compiled = await doublingOf(memory, 1);
    await compiled.run({ step: Float32Array.of(3) });
    expect((await memory.read(["kept", "x"])).x.values).toEqual(Float32Array.of(3, 3));
    memory.keepOnly(["kept"]);
    expect(await memory.read(["kept", "x"])).toEqual({
      kept: { shape: [1], values: Float32Array.of(5) },
    });
    await compiled.release();
    await memory.release();
  });

  it("holds no more after 200 runs than after 20", async () => {
    const memory = await createMemory(options[place]);
    const size = 100_000;
    memory.ensure("x", [size, 2]);
    const compiled = await doublingOf(memory, size);
    let early = 0;
    for (let run = 0; run < 200; run += 1) {
      await compiled.run({ step: Float32Array.of(1e-9) });
      if (run === 20) early = process.memoryUsage().rss;
    }
    // Without disposal: 180 arrays of 0.8 MB.
    expect(process.memoryUsage().rss - early).toBeLessThan(70e6);
    await compiled.release();
    await memory.release();
  });
});

it("is the host's, and says why, if the provider does not start", async () => {
  const memory = await createMemory({ executionProvider: "cuda" });
  if (memory.place === "host") expect(memory.reason).toMatch(/cuda/);
  await memory.release();
});

it.skipIf(!hasCard)("names the bytes that a full device was asked for", async () => {
  const memory = await DeviceMemory.create({ executionProvider: "webgpu", threads: 1 });
  const size = 60_000;
  const graph = trace((recorder) => {
    const x = recorder.input<tf.Rank.R1>("x", [size]);
    return { next: tf.mul(tf.reshape(x, [size, 1]), x) };
  });
  const compiled = await CompiledFunction.create(graph, onCard, { memory, keeps: { next: "next" } });
  const failure: unknown = await compiled.run({ x: new Float32Array(size) }).catch((error: unknown) => error);
  expect(RuntimeError.isInstance(failure)).toBe(true);
  expect(String(failure)).toMatch(new RegExp(`asked the device for ${4 * size ** 2} bytes`));
  await compiled.release();
  await memory.release();
});

it("of the host gives a run the array that it wrote last", async () => {
  const memory = new HostMemory();
  memory.ensure("x", [1, 2]);
  const compiled = await doublingOf(memory, 1);
  for (let run = 0; run < 3; run += 1) await compiled.run({ step: Float32Array.of(1) });
  expect((await memory.read(["x"])).x.values).toEqual(Float32Array.of(7, 7));
  await compiled.release();
});
