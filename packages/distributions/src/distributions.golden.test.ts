import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { diagonalGaussian, entropy, logProb, scale } from "./diagonal-gaussian";
import { interpolateParameters } from "./interpolate-parameters";
import { klDivergence } from "./kl-divergence";
import { skewJensenShannonDivergence } from "./skew-jensen-shannon";
import { wasserstein2Distance } from "./wasserstein-distance";

interface GoldenGaussian {
  readonly mean: number[];
  readonly scale: number[];
}

interface GoldenCase {
  readonly p: GoldenGaussian;
  readonly q: GoldenGaussian;
  readonly x: number[];
  readonly klPQ: number;
  readonly klQP: number;
  readonly wasserstein2: number;
  readonly entropyP: number;
  readonly logProbP: number;
  readonly interpolated: readonly (GoldenGaussian & {
    readonly weightOfP: number;
    readonly klPToMid: number;
    readonly klQToMid: number;
  })[];
}

const file = join(resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden"), "distributions.json");
const cases: readonly GoldenCase[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).cases : [];

const toGaussian = ({ mean, scale }: GoldenGaussian) =>
  diagonalGaussian({ mean: tf.tensor2d([mean]), scale: tf.tensor2d([scale]) });

/** Values near 0 are differences of larger numbers, of which a float32 has seven digits. */
function expectValues(actual: tf.Tensor, expected: readonly number[], magnitude = 0.1): void {
  for (const [index, value] of actual.dataSync().entries()) {
    expect(Math.abs(value - expected[index]), `${value} for ${expected[index]}`).toBeLessThanOrEqual(
      1e-5 * Math.max(magnitude, Math.abs(expected[index])),
    );
  }
}

describeOnEveryBackend("agrees with torch.distributions", () => {
  test.skipIf(cases.length === 0)("on every golden pair (skipped where distributions.json is absent)", () => {
    for (const golden of cases) expectGoldenCase(golden);
  });
});

function expectGoldenCase(golden: GoldenCase): void {
  const [p, q] = [toGaussian(golden.p), toGaussian(golden.q)];
  expectValues(klDivergence(p, q), [golden.klPQ]);
  expectValues(klDivergence(q, p), [golden.klQP]);
  // The ε of the default would be felt in small distances.
  expectValues(wasserstein2Distance(p, q, { epsilon: 1e-12 }), [golden.wasserstein2]);
  expectValues(entropy(p), [golden.entropyP]);
  expectValues(logProb(p, tf.tensor2d([golden.x])), [golden.logProbP]);
  for (const { weightOfP, klPToMid, klQToMid, ...middle } of golden.interpolated) {
    const actual = interpolateParameters(p, q, weightOfP);
    expectValues(actual.mean, middle.mean);
    expectValues(scale(actual), middle.scale);
    expectValues(klDivergence(p, actual), [klPToMid]);
    expectValues(klDivergence(q, actual), [klQToMid]);
    expectValues(skewJensenShannonDivergence(p, q, { weight: weightOfP }), [klPToMid + klQToMid]);
  }
}
