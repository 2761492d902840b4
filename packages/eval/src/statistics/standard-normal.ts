import { findRoot } from "./find-root";

/** Φ(z), the probability that a standard normal variable is less than `z`, with all digits of a small one. */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return z > -3 ? 0.5 + density * series(z) : density / fraction(-z);
}

/** The number below which a standard normal variable is with `probability`. ±∞ for 1 and 0. */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0.5) return 0;
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  return findRoot((z) => normalCdf(z) - probability, -39, 0);
}

/** Σ z^(2k + 1) / (1 · 3 · … · (2k + 1)), the ratio of Φ(z) − ½ and the density (Marsaglia, 2004). */
function series(z: number): number {
  let [sum, term] = [z, z];
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** z + 1 / (z + 2 / (z + 3 / …)), the ratio of the density and 1 − Φ(z) (Laplace), for z ≥ 3. */
function fraction(z: number): number {
  let value = z;
  for (let term = 60; term > 0; term -= 1) value = z + term / value;
  return value;
}
