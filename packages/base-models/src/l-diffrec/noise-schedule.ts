export const scheduleNames = ["linear-var", "linear", "cosine", "binomial"] as const;

export interface NoiseScheduleOptions {
  readonly schedule: (typeof scheduleNames)[number];
  /** T, the number of steps. */
  readonly steps: number;
  /** The factor of both bounds of the linear schedules. */
  readonly noiseScale: number;
  readonly noiseMinimum: number;
  readonly noiseMaximum: number;
}

/** The noise that each step t = 0 … T − 1 of a diffusion adds, and the quantities that follow from it; each `[steps]`. */
export interface NoiseSchedule {
  /** β_t, the variance of the noise that the step adds. */
  readonly betas: readonly number[];
  /** ᾱ_t = Π_{s ≤ t} (1 − β_s), the share of the signal's variance that is left after the step. */
  readonly cumulativeAlphas: readonly number[];
  /** The weights of z₀ and z_t in the mean of q(z_{t−1} | z_t, z₀) (Ho et al. 2020, eq. 7), and its variance. */
  readonly posterior: {
    readonly startWeights: readonly number[];
    readonly noisyWeights: readonly number[];
    readonly variances: readonly number[];
  };
}

/** No step may take all of the signal: what follows divides by what is left. */
const largestBeta = 0.999;

/** The schedules of DiffRec (Wang et al. 2023), in double precision. */
export function noiseSchedule(options: NoiseScheduleOptions): NoiseSchedule {
  const betas = betasOf(options);
  const cumulativeAlphas: number[] = [];
  for (const beta of betas) cumulativeAlphas.push((cumulativeAlphas.at(-1) ?? 1) * (1 - beta));
  const before = [1, ...cumulativeAlphas.slice(0, -1)];
  const perStep = (make: (beta: number, now: number, before: number) => number) =>
    betas.map((beta, step) => make(beta, cumulativeAlphas[step], before[step]));
  return {
    betas,
    cumulativeAlphas,
    posterior: {
      startWeights: perStep((beta, now, before) => (beta * Math.sqrt(before)) / (1 - now)),
      noisyWeights: perStep((beta, now, before) => ((1 - before) * Math.sqrt(1 - beta)) / (1 - now)),
      variances: perStep((beta, now, before) => (beta * (1 - before)) / (1 - now)),
    },
  };
}

/** SNR(t − 1) − SNR(t) with SNR = ᾱ / (1 − ᾱ), and 1 for t = 0: the weights of the steps' errors in z₀ (Wang et al. 2023, eq. 10). */
export function signalToNoiseWeights({ cumulativeAlphas }: NoiseSchedule): number[] {
  const ratios = cumulativeAlphas.map((alpha) => alpha / (1 - alpha));
  return ratios.map((ratio, step) => (step === 0 ? 1 : ratios[step - 1] - ratio));
}

/**
 * The weights of the steps' errors in the noise, (1 − ᾱ_t) / ((1 − ᾱ_{t−1})² (1 − β_t)) and 1 for t = 0, as the released
 * program of DiffRec has them; the bound's own are half of β_t / ((1 − β_t) (1 − ᾱ_{t−1})) (Ho et al. 2020, eq. 12).
 */
export function noiseErrorWeights({ betas, cumulativeAlphas }: NoiseSchedule): number[] {
  return cumulativeAlphas.map((alpha, step) =>
    step === 0 ? 1 : (1 - alpha) / ((1 - cumulativeAlphas[step - 1]) ** 2 * (1 - betas[step])),
  );
}

function betasOf({
  schedule,
  steps,
  noiseScale,
  noiseMinimum,
  noiseMaximum,
}: NoiseScheduleOptions): number[] {
  const evenly = Array.from({ length: steps }, (_, step) => {
    const share = steps === 1 ? 0 : step / (steps - 1);
    return noiseScale * (noiseMinimum + share * (noiseMaximum - noiseMinimum));
  });
  switch (schedule) {
    case "linear":
      return evenly;
    case "linear-var":
      return betasOfAlphas(evenly.map((variance) => 1 - variance));
    case "cosine": {
      // Nichol and Dhariwal (2021), eq. 17.
      const alpha = (time: number) => Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
      return betasOfAlphas(
        Array.from({ length: steps }, (_, step) => alpha((step + 1) / steps)),
        alpha(0),
      );
    }
    case "binomial":
      // Sohl-Dickstein et al. (2015), section 2.4.1.
      return Array.from({ length: steps }, (_, step) => 1 / (steps - step + 1));
  }
}

/** β_t = 1 − ᾱ_t / ᾱ_{t−1} */
function betasOfAlphas(cumulativeAlphas: readonly number[], beforeAll = 1): number[] {
  return cumulativeAlphas.map((alpha, step) =>
    Math.min(1 - alpha / (step === 0 ? beforeAll : cumulativeAlphas[step - 1]), largestBeta),
  );
}
