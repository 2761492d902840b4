import { logGamma } from "./log-gamma";
import { normalCdf } from "./standard-normal";

/**
 * The probability that (Z + δ) / √(χ²/ν) is less than `t`: the noncentral t distribution with ν degrees of freedom and the
 * noncentrality δ.
 *
 * It is the mean of Φ(t s − δ) over s = √(χ²/ν), computed over u = log s by the trapezoidal rule, which converges
 * exponentially for such an integrand.
 */
export function noncentralTCdf(t: number, degreesOfFreedom: number, noncentrality: number): number {
  const half = degreesOfFreedom / 2;
  const logScale = Math.LN2 + half * Math.log(half) - logGamma(half);
  const density = (u: number) => Math.exp(logScale + degreesOfFreedom * u - half * Math.exp(2 * u));
  // The widths in u of the density and of the rise of Φ.
  const step = Math.min(1 / Math.sqrt(2 * degreesOfFreedom), 1 / (1 + Math.abs(noncentrality))) / 4;
  // The density falls like a normal one near its mode at u = 0, and like s^ν far below it.
  const spread = 9 / Math.sqrt(2 * degreesOfFreedom);
  const low = -spread - 40 / degreesOfFreedom;
  const steps = Math.ceil((spread - low) / step);
  let sum = 0;
  for (let index = 0; index <= steps; index += 1) {
    const u = low + index * step;
    const z = t * Math.exp(u) - noncentrality;
    // Φ is 0 or 1 to all digits beyond 9 deviations, where most of the steps are if t is large.
    if (z > -9) sum += density(u) * (z > 9 ? 1 : normalCdf(z));
  }
  return Math.min(1, sum * step);
}
