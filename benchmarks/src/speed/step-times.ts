import { defaultZoo } from "dmrec";
import type { BenchmarkedModel } from "./model-name";
import { type StepTimes, type TimedStepsOptions, timedSteps } from "./timed-steps";

export interface StepTimesOptions extends Omit<TimedStepsOptions, "recommender" | "training"> {
  readonly model: Omit<BenchmarkedModel, "name">;
  /** Further options of the base model. */
  readonly ownOptions?: object;
}

/** {@link timedSteps} of a model of the zoo with its published settings. */
export function stepTimes({ model, ownOptions, ...options }: StepTimesOptions): Promise<StepTimes> {
  const { data } = options;
  const resolved = defaultZoo.resolve(model.model, data, { base: model.base, ownOptions });
  const recommender = defaultZoo.make(resolved, data);
  return timedSteps({ ...options, recommender, training: resolved.training });
}
