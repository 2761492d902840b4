import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { kernels } from "../index";
import { expectTfjsResults } from "./testing/agreement";
import { creationSamples } from "./testing/creation";
import { directSamples } from "./testing/direct";
import { elementwiseSamples } from "./testing/elementwise";
import { indexingSamples } from "./testing/indexing";
import { normalizationSamples } from "./testing/normalization";
import { productSamples } from "./testing/product";
import { reductionSamples } from "./testing/reduction";
import type { Sample, Samples } from "./testing/sample";
import { shapeSamples } from "./testing/shape";

const samples: Samples = {
  ...elementwiseSamples,
  ...reductionSamples,
  ...productSamples,
  ...shapeSamples,
  ...indexingSamples,
  ...normalizationSamples,
  ...creationSamples,
  ...directSamples,
};

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
  it.each(list.map((sample: Sample) => [sample]))("is what tfjs computes", expectTfjsResults);
});
