/** The best evaluation so far and the number of evaluations after it. */
export interface EarlyStoppingState {
  readonly bestEpoch: number;
  readonly bestMetrics: Readonly<Record<string, number>>;
  /** Evaluations since the best one. */
  readonly waited: number;
}

export const beforeFirstEvaluation: EarlyStoppingState = { bestEpoch: 0, bestMetrics: {}, waited: 0 };

/** Returns the state after an evaluation. `bestEpoch` becomes `epoch` if it is the best so far; a tie keeps the earlier one. */
export function afterEvaluation(
  state: EarlyStoppingState,
  monitor: string,
  epoch: number,
  metrics: Readonly<Record<string, number>>,
): EarlyStoppingState {
  const best = state.bestMetrics[monitor];
  return best === undefined || metrics[monitor] > best
    ? { bestEpoch: epoch, bestMetrics: metrics, waited: 0 }
    : { ...state, waited: state.waited + 1 };
}
