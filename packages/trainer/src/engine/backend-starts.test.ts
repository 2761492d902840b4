import "@tensorflow/tfjs-backend-cpu";
import { setTimeout as delay } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { betweenStarts, startBackend } from "./backend-starts";

/** Two tfjs backends whose start takes 20 ms. */
const slow = ["slow", "slower"];
beforeAll(async () => {
  await tf.setBackend("cpu");
  for (const name of slow) tf.registerBackend(name, () => delay(20).then(() => tf.findBackend("cpu")));
});
afterAll(async () => {
  await tf.setBackend("cpu");
  for (const name of slow) tf.removeBackend(name);
});

const makeTensor = () => tf.tensor1d([1, 2, 3]).dispose();

it("makes tensors only while no backend is starting, also if one begins to while it waits", async () => {
  const start = startBackend("slow");
  expect(makeTensor).toThrow(/has not yet been initialized/);
  const made = betweenStarts(makeTensor);
  const next = start.then(() => startBackend("slower"));
  await made;
  expect(await next).toBe(true);
});

it("makes tensors after a backend that does not start", async () => {
  await tf.setBackend("cpu");
  const start = startBackend("absent");
  const made = betweenStarts(() => "made");
  await expect(start).rejects.toThrow(/not found in registry/);
  expect(await made).toBe("made");
});
