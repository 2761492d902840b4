import { type Json, parseOptions, type RandomGenerator, type TrainingState } from "@dmrec/core";
import { z } from "zod";

/** The number of losses kept for each step. */
const historyLength = 10;
/** The share of draws that is uniform regardless of the losses. */
const uniformShare = 0.001;

/**
 * Draws diffusion steps by importance: in proportion to the root of the mean of the squares of a step's last losses,
 * uniformly until every step has ten (Nichol and Dhariwal 2021, eq. 18; Wang et al. 2023, section 3.3.2).
 */
export class StepSampler implements TrainingState {
  /** The last losses of each step, the latest last. */
  #histories: number[][];

  constructor(steps: number) {
    this.#histories = Array.from({ length: steps }, () => []);
  }

  /** The probability of each step, `[steps]`. */
  probabilities(): number[] {
    const count = this.#histories.length;
    const uniform = 1 / count;
    if (this.#histories.some(({ length }) => length < historyLength))
      return new Array<number>(count).fill(uniform);
    const roots = this.#histories.map((losses) =>
      Math.sqrt(losses.reduce((sum, loss) => sum + loss ** 2, 0) / historyLength),
    );
    const total = roots.reduce((sum, root) => sum + root, 0);
    return roots.map((root) =>
      total > 0 ? (1 - uniformShare) * (root / total) + uniformShare * uniform : uniform,
    );
  }

  draw(count: number, random: RandomGenerator): number[] {
    const probabilities = this.probabilities();
    const last = probabilities.length - 1;
    return Array.from({ length: count }, () => {
      let [step, rest] = [0, random.uniform() - probabilities[0]];
      while (rest >= 0 && step < last) {
        step += 1;
        rest -= probabilities[step];
      }
      return step;
    });
  }

  /** Records the losses of some draws. */
  record(steps: ArrayLike<number>, losses: ArrayLike<number>): void {
    for (let index = 0; index < steps.length; index += 1) {
      const history = this.#histories[steps[index]];
      history.push(losses[index]);
      if (history.length > historyLength) history.shift();
    }
  }

  serialize(): Json {
    return this.#histories.map((losses) => [...losses]);
  }

  /** @throws InvalidOptionsError if it is the state of another number of steps, or no state. */
  restore(state: Json): void {
    const histories = z.array(z.array(z.number()).max(historyLength)).length(this.#histories.length);
    this.#histories = parseOptions("StepSampler.restore", z.unknown().pipe(histories), state);
  }
}
