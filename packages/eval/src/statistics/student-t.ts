import { logGamma } from "./log-gamma";

/**
 * The probability that the absolute value of a variable of Student's t distribution is at least |`t`|.
 *
 * I_x(ν/2, 1/2) at x = ν / (ν + t²), by the continued fraction of the incomplete beta function (Lentz).
 */
export function twoSidedStudentT(t: number, degreesOfFreedom: number): number {
  if (Math.abs(t) === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other follows by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let [fraction, c, d] = [1, 1, 0];
  for (let term = 0; term <= 300; term += 1) {
    const m = Math.floor(term / 2);
    const numerator =
      term === 0
        ? 1
        : term % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + numerator * d, tiny);
    c = nonZero(1 + numerator / c, tiny);
    fraction *= c * d;
    if (Math.abs(1 - c * d) < 1e-15) break;
  }
  return front * (fraction - 1);
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
