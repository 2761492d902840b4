import {
  arraysByName,
  InvalidOptionsError,
  isConstant,
  RandomGenerator,
  type Recommender,
  type SplitDataset,
} from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import type { ModelZoo } from "../../zoo/model-zoo";
import { planRun } from "../run/plan-run";
import type { RunRecord } from "../run/run-record";
import type { TrainFlags } from "../train-flags";
import {
  drawSettings,
  type NumberRange,
  type SearchOption,
  type Settings,
  type SettingValue,
  sampleValues,
} from "./search-space";
import { type Trial, trialOf } from "./trial";

const owner = "dmrec search";

/** Draws in a row that repeat earlier settings, after which all settings are taken to be drawn. */
const maxRepeats = 10_000;

/** Options that a flag of `dmrec train` gives, too, so that all parts of a model agree on them. */
const flagsByOption: Readonly<Record<string, string>> = {
  beta: "beta",
  klWeight: "klWeight",
  dropout: "dropout",
  hiddenDimension: "hidden",
  latentDimension: "latent",
  coldStartRate: "coldStartRate",
  learningRate: "learningRate",
  batchSize: "batchSize",
};

const groupRate = /^(\w+)\.learningRate$/;

/** Makes the trial of settings. */
export type TrialPlanner = (settings: Settings) => Trial;

/**
 * Plans trials of the model that the flags describe.
 *
 * @throws InvalidOptionsError naming an option that the model does not have, or a value that it refuses.
 */
export function trialPlanner(
  flags: TrainFlags,
  space: readonly SearchOption[],
  data: SplitDataset,
  zoo: ModelZoo,
): TrialPlanner {
  const dataSha256 = fingerprint(data);
  const plan = (settings: Settings) => trialOf(settings, recordOf(settings, flags, data, dataSha256, zoo));
  for (const option of space) assertOption(option, plan, data, zoo);
  return plan;
}

/** The settings that a search starts from, then different ones drawn from the space, as many as it has. */
export function planTrials(
  plan: TrialPlanner,
  space: readonly SearchOption[],
  count: number,
  seed: number,
): readonly Trial[] {
  const random = RandomGenerator.fromSeed(seed);
  const given = plan({});
  const trials = new Map([[given.id, given]]);
  const drawn = new Set<string>();
  for (let trial = 0, repeats = 0; trials.size < count && repeats < maxRepeats; trial += 1) {
    const settings = drawSettings(space, random, trial);
    const key = JSON.stringify(settings);
    repeats = drawn.has(key) ? repeats + 1 : 0;
    if (repeats > 0) continue;
    drawn.add(key);
    const planned = plan(settings);
    // The given settings may be drawn, too.
    if (!trials.has(planned.id)) trials.set(planned.id, planned);
  }
  return [...trials.values()];
}

/** The run of the flags with other settings. */
function recordOf(
  settings: Settings,
  flags: TrainFlags,
  data: SplitDataset,
  dataSha256: string,
  zoo: ModelZoo,
): RunRecord {
  const entries = Object.entries(settings);
  const ownNames = entries.filter(([name]) => !(name in flagsByOption) && !groupRate.test(name));
  const flagged = entries.flatMap(([name, value]) =>
    name in flagsByOption ? [[flagsByOption[name], value] as const] : [],
  );
  const changed: TrainFlags = {
    ...flags,
    ...Object.fromEntries(flagged),
    ...(ownNames.length > 0 && { ownOptions: Object.fromEntries(ownNames) }),
  };
  const record = planRun(changed, data, zoo, owner, dataSha256);
  const groups = entries.flatMap(([name, value]) => {
    const group = name.match(groupRate)?.[1];
    return group === undefined ? [] : [[group, value] as const];
  });
  return groups.length === 0 ? record : withGroupRates(record, groups);
}

/** The record with learning rates of groups of parameters. */
function withGroupRates(record: RunRecord, rates: readonly (readonly [string, SettingValue])[]): RunRecord {
  const { training } = record.model;
  const { adam = {} } = training;
  const parameterGroups = { ...adam.parameterGroups };
  for (const [group, rate] of rates)
    parameterGroups[group] = { ...parameterGroups[group], learningRate: Number(rate) };
  return {
    ...record,
    model: { ...record.model, training: { ...training, adam: { ...adam, parameterGroups } } },
  };
}

/** Refuses an option before anything is trained: only the model's function knows what suits it, so it makes models. */
function assertOption(option: SearchOption, plan: TrialPlanner, data: SplitDataset, zoo: ModelZoo): void {
  const { kind, name } = option;
  const path = `--${kind} ${name}`;
  const planned = sampleValues(option).map((value) => {
    assertTrainingValue(option, value, path);
    try {
      const trial = plan({ [name]: value });
      assertGroup(name, zoo.make(trial.record.model, data));
      return trial;
    } catch (error) {
      if (!InvalidOptionsError.isInstance(error)) throw error;
      const [{ message, code }] = error.issues;
      const problem =
        code === "unknown-option"
          ? `the model has no such option; search one of ${knownOptions(plan({})).join(", ")}`
          : `refuses ${value} (${message})${wholeAdvice(option, value)}`;
      throw new InvalidOptionsError(owner, [{ path, message: problem }]);
    }
  });
  const given = plan({});
  if (planned.every(({ id }) => id === given.id) && planned.length > 1) {
    const message = `changes nothing in this model; search one of ${knownOptions(given).join(", ")}`;
    throw new InvalidOptionsError(owner, [{ path, message }]);
  }
}

/** Refuses the learning rate of a group that the model does not have. */
function assertGroup(name: string, { parameters }: Recommender): void {
  const group = name.match(groupRate)?.[1];
  if (group === undefined) return;
  const groups = [...arraysByName(parameters).values()].flatMap((array) =>
    isConstant(array) || array.group === undefined ? [] : [array.group],
  );
  if (!groups.includes(group))
    throw new InvalidOptionsError(owner, [{ path: name, message: "unknown option", code: "unknown-option" }]);
}

/** The trainer checks its options when it starts; a search does before. */
function assertTrainingValue(option: SearchOption, value: SettingValue, path: string): void {
  const { name } = option;
  const isRate = name === "learningRate" || groupRate.test(name);
  if (isRate && !(typeof value === "number" && value > 0))
    throw new InvalidOptionsError(owner, [{ path, message: `refuses ${value}; name rates above 0` }]);
  if (name === "batchSize" && !(typeof value === "number" && value > 0 && Number.isInteger(value))) {
    const message = `refuses ${value}; name whole numbers above 0${wholeAdvice(option, value)}`;
    throw new InvalidOptionsError(owner, [{ path, message }]);
  }
}

function wholeAdvice(option: SearchOption, value: SettingValue): string {
  const isDrawn = option.kind === "range" && !option.isWhole && !Number.isInteger(value);
  return isDrawn && isWholeRange(option) ? "; end the range with :int" : "";
}

function isWholeRange({ low, high }: NumberRange): boolean {
  return Number.isInteger(low) && Number.isInteger(high) && high > 1;
}

/** Names of options that the model and its training have. */
function knownOptions({ record: { model } }: Trial): readonly string[] {
  const groups = Object.keys(model.training.adam?.parameterGroups ?? {}).map(
    (group) => `${group}.learningRate`,
  );
  const match = model.matching ? ["hiddenDimension", "coldStartRate"] : [];
  const beta = model.matching?.beta === undefined ? [] : ["beta"];
  const training = model.training.adam ? ["learningRate", "batchSize"] : [];
  const own = Object.keys(model.options).filter((name) => name !== "seed");
  return [...new Set([...own, ...match, ...beta, ...training, ...groups])];
}
