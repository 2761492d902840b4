import { availableThreads } from "@dmrec/compile";
import { InvalidOptionsError, RuntimeError } from "@dmrec/core";
import { localProcesses, openTaskQueue, type TaskPlace } from "@dmrec/workers";
import type { ModelZoo } from "../zoo/model-zoo";
import { comparisonData } from "./comparison-data";
import { describeData } from "./comparison-output";
import { type EngineFlags, engineChoice } from "./engine-flags";
import { interruptionSignal } from "./interruption";
import { printer, printJson } from "./print";
import { holdDirectory } from "./run/hold-directory";
import { keepEmbeddings, keptPlace } from "./run/kept-encoder";
import { claimSearch } from "./search/claim-search";
import { planTrials, type TrialPlanner, trialPlanner } from "./search/plan-trials";
import { runSearch } from "./search/run-search";
import { runTpe } from "./search/run-tpe";
import type { SearchOption } from "./search/search-space";
import { halvingRounds, type Round } from "./search/successive-halving";
import { trialRun } from "./search/trial";
import { trialCommand } from "./search/trial-command";
import { isFinished, settingsOf, type TrialResult, trialTable } from "./search/trial-ranking";
import { trialQueue } from "./search/trial-task";
import type { SearchFlags } from "./search-flags";
import { type FlagSource, refuseUnreadFlags } from "./unread-flags";

const owner = "dmrec search";

/** The trainer's default. */
const defaultEpochs = 1000;

/**
 * `dmrec search`: tries settings of one model on the validation part, from where the last call stopped.
 *
 * @param program The file that runs this program, for the processes of trials.
 */
export async function search(
  flags: SearchFlags,
  zoo: ModelZoo,
  { program, sourceOf }: { readonly program: string; readonly sourceOf: FlagSource },
): Promise<void> {
  const { range = [], choice = [], trials: count, method, halvingFactor, queue, ...others } = flags;
  const { jobs = availableThreads(), ...trainFlags } = others;
  const print = printer(flags);
  const space = searchSpace([...range, ...choice]);
  const engine = trialEngine(flags, jobs);
  const made = await comparisonData(flags, print);
  const { data } = made;
  print(`Data: ${data.name}\n${describeData(data)}`);
  const planTrial = trialPlanner(trainFlags, space, data, zoo);
  // All trials share the embeddings of the search.
  const plan: TrialPlanner = (settings) => {
    const trial = planTrial(settings);
    return { ...trial, record: { ...trial.record, ...keptPlace(made, "../..") } };
  };
  const { record } = plan({});
  refuseUnreadFlags(trainFlags, [record.model], { zoo, owner, sourceOf });
  const { monitor } = record.training.evaluation;
  const epochs = record.training.epochs ?? defaultEpochs;
  const model = [record.model.base, record.model.name].filter((name) => name !== undefined).join(", ");
  const where = queue === undefined ? `${jobs} at a time` : "by the workers of the queue";
  const planned = method === "tpe" ? [] : planTrials(plan, space, count, flags.seed);
  print(`Model: ${model}; ${method === "tpe" ? count : planned.length} trials, ${where}`);
  await claimSearch(flags.out, owner);
  await using _held = await holdDirectory(flags.out, { owner, flag: "--out" });
  const interruption = interruptionSignal((message) => console.error(`\n${message}`));
  const place = await trialPlace(flags, program);
  try {
    const { abortSignal } = interruption;
    const { out: directory, fresh } = flags;
    await keepEmbeddings(made, directory);
    const atATime = queue === undefined ? jobs : count;
    const options = { directory, monitor, place, engine, jobs: atATime, fresh, abortSignal, print };
    const results =
      method === "tpe"
        ? await runTpe({ ...options, plan, space, trials: count, epochs, seed: flags.seed })
        : await runSearch(planned, roundsOf(planned.length, epochs, flags), options);
    if (results.length < count) print("These options have no more different settings; all are tried.");
    showResults(results, space, flags);
  } finally {
    interruption.release();
    await place.close();
  }
}

/** Processes of this machine, or those of a queue's workers. */
function trialPlace({ queue }: SearchFlags, program: string): Promise<TaskPlace> | TaskPlace {
  if (queue === undefined) return localProcesses({ file: program, args: [trialCommand] });
  const advice = `Start one by: dmrec search-worker --queue ${queue}`;
  return openTaskQueue({ url: queue, name: trialQueue }, (warning) => console.error(`${warning} ${advice}`));
}

function roundsOf(trials: number, epochs: number, { method, halvingFactor }: SearchFlags): readonly Round[] {
  return method === "halving" ? halvingRounds(trials, epochs, halvingFactor) : [{ trials, epochs }];
}

/** @throws RuntimeError if no trial finished. */
function showResults(
  results: readonly TrialResult[],
  space: readonly SearchOption[],
  flags: SearchFlags,
): void {
  const { out: directory, monitor, method } = flags;
  const print = printer(flags);
  const names = space.map(({ name }) => name);
  const failures = results.flatMap(({ number, outcome }) =>
    outcome.kind === "finished" ? [] : [`Trial ${number} failed: ${outcome.message}`],
  );
  const best = results.find(isFinished);
  if (!best) throw new RuntimeError(`no trial finished. ${failures[0]}`);
  if (flags.json) {
    const asJson = ({ number, trial, epochLimit, outcome }: TrialResult) => ({
      number,
      run: trialRun(directory, trial),
      settings: settingsOf(names, trial),
      epochLimit,
      ...(outcome.kind === "finished"
        ? { validation: outcome.metrics, bestEpoch: outcome.bestEpoch, epochs: outcome.epochs }
        : { failed: outcome.message }),
    });
    printJson({ search: directory, method, monitor, best: asJson(best), trials: results.map(asJson) });
    return;
  }
  const cutoff = monitor.split("@")[1];
  const metrics = [...new Set([monitor, `recall@${cutoff}`, `ndcg@${cutoff}`])];
  print(`\nValidation part, the best first:\n${trialTable(results, names, metrics)}`);
  for (const failure of failures) print(failure);
  const run = trialRun(directory, best.trial);
  print(
    `The best is trial ${best.number}, the run ${run}. Next: dmrec evaluate ${run}, or recommend, export.`,
  );
}

/** @throws InvalidOptionsError if there is nothing to search, or an option is named twice. */
function searchSpace(options: readonly SearchOption[]): readonly SearchOption[] {
  if (options.length === 0) {
    const message = "name an option to search, such as --range learningRate=1e-4..1e-2:log";
    throw new InvalidOptionsError(owner, [{ path: "--range or --choice", message }]);
  }
  const names = options.map(({ name }) => name);
  const twice = options.find(({ name }, index) => names.indexOf(name) < index);
  if (!twice) return options;
  const message = `${twice.name} is named twice; keep one --range or --choice of it`;
  throw new InvalidOptionsError(owner, [{ path: `--${twice.kind}`, message }]);
}

/** The engine of each trial: those at a time share the machine's cores. */
function trialEngine(flags: SearchFlags, jobs: number): EngineFlags {
  const { engine, threads, executionProvider, backend, queue } = flags;
  const chosen = { engine, threads, executionProvider, backend };
  engineChoice(chosen, owner);
  const isEager = engine === "eager" || (backend !== undefined && backend !== "auto");
  // Workers share the cores of their own machines.
  if (isEager || queue !== undefined) return chosen;
  return { ...chosen, threads: threads ?? Math.max(1, Math.floor(availableThreads() / jobs)) };
}
