/** A round of successive halving: so many trials, trained up to so many epochs. */
export interface Round {
  readonly trials: number;
  readonly epochs: number;
}

/**
 * The rounds of successive halving (Jamieson and Talwalkar 2016; the sizes of Li et al. 2018): all trials are trained for few
 * epochs, and one in `factor` of each round goes on to `factor` times as many. The last round has all epochs.
 *
 * @param factor A whole number from 2 up.
 * @example
 * halvingRounds(9, 90, 3); // 9 trials of 10 epochs, 3 of 30, 1 of 90
 */
export function halvingRounds(trials: number, epochs: number, factor: number): readonly Round[] {
  const counts = [trials];
  for (let count = Math.floor(trials / factor); count >= 1; count = Math.floor(count / factor))
    counts.push(count);
  return counts.map((count, round) => ({
    trials: count,
    epochs: Math.ceil(epochs / factor ** (counts.length - 1 - round)),
  }));
}
