import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  InvalidDataError,
  InvalidOptionsError,
  type RankingReport,
  type SplitDataset,
  UnsupportedError,
} from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { saveTfIdfEncoder } from "@dmrec/encoders";
import { type BestModel, type Comparison, compareModels, type Outcome } from "../app/compare-models";
import { embedKnownText, readsTexts, recommendFromText } from "../app/recommend-from-text";
import { type ComparisonPlan, resolvePlan } from "../app/resolve-plan";
import { type Verdict, verdicts } from "../app/verdicts";
import type { ModelZoo } from "../zoo/model-zoo";
import type { CompareFlags, TypedCommand } from "./compare-flags";
import { comparisonData } from "./comparison-data";
import {
  describeData,
  outcomeLine,
  outcomeTable,
  recommendationList,
  textList,
  verdictLine,
} from "./comparison-output";
import { engineChoice } from "./engine-flags";
import { writeModel } from "./export";
import { Interrupted, interruptionSignal } from "./interruption";
import { type Print, printer, printJson } from "./print";
import type { ProfileEncoder } from "./profile-encoder";
import { clearProgress, progressReporter } from "./progress-reporter";
import { reportFile, writeReport } from "./report";
import { reportSubject } from "./report/report-subject";
import { recordComparison, writeComparisonRecord } from "./run/comparison-record";
import { holdDirectory } from "./run/hold-directory";
import { metricsLog, writeMetrics } from "./run/metrics-log";
import { showPage } from "./show-page";
import { unknownUser } from "./unknown-user";
import { refuseUnreadFlags } from "./unread-flags";

/** Example query for the synthetic catalogue. */
const catalogueText = "storms, islands and a mutiny on old ships, with a mystery to solve";

/** `dmrec compare`: trains models on one dataset, shows how they rank its test part, and recommends to one user. */
export async function compare(
  flags: CompareFlags,
  zoo: ModelZoo,
  { sourceOf, args }: TypedCommand,
): Promise<void> {
  const print = printer(flags);
  const engine = engineChoice(flags);
  const { data, encoder } = await comparisonData(flags, print);
  print(`Data: ${data.name}\n${describeData(data)}`);
  // Everything that cannot work is refused before anything is trained.
  const userIndex = findUser(data, flags.user);
  const text = flags.text ?? (flags.data === undefined ? catalogueText : undefined);
  if (text !== undefined) await embedKnownText(await (encoder ?? missingEncoder(data)).load(), text);
  if (!data.profileEmbeddings && !flags.models) {
    print(
      "Nothing describes the items: only the base model is trained (add a table of items with titles or texts, item_profiles.json, or embeddings, for the others).",
    );
  }
  const plan = resolvePlan(flags, data, zoo);
  if (flags.text !== undefined) assertTextReader(plan, data, zoo);
  refuseUnreadFlags(flags, plan.models, { zoo, owner: "dmrec compare", sourceOf });
  if (sourceOf("beta") === "cli") assertWeightsOfModels(flags.beta, plan);
  const directory = join(flags.runs, runFolder(plan, data, flags.base));
  await using _held = await holdDirectory(directory, { owner: "dmrec compare", flag: "--runs" });
  const { monitor } = plan.training.evaluation;
  const interruption = interruptionSignal((message) => console.error(`\n${message}`));
  try {
    await using comparison = await compareModels(data, plan, {
      zoo,
      engine,
      directory,
      resume: flags.fresh ? "never" : "if-present",
      abortSignal: interruption.abortSignal,
      callbacks: (name) => [progressReporter(name, monitor), metricsLog(join(directory, name), flags.fresh)],
    });
    printStart(comparison, flags, zoo, print);
    await writeComparisonRecord(directory, recordComparison(flags, data, plan));
    const outcomes: Outcome[] = [];
    for await (const outcome of comparison) {
      clearProgress();
      if (outcome.kind === "interrupted") {
        const { name, training } = outcome;
        throw new Interrupted(
          `Stopped in epoch ${training.epochs + 1} of ${name}. The same command continues from there (${join(directory, name)}).`,
        );
      }
      await writeMetrics(join(directory, outcome.name), outcome.training, outcome.report.metrics);
      print(outcomeLine(outcome, monitor));
      outcomes.push(outcome);
    }
    interruption.release();
    print(outcomeTable(outcomes, monitor));
    const found = verdicts(outcomes, monitor);
    for (const verdict of found) print(verdictLine(verdict, titleOf(verdict.model, zoo)));
    const others = flags.models ? [] : leftOutStrategies(plan, data, zoo);
    if (others.length > 0)
      print(
        `To save time, ${others.join(" and ")} were not trained; --models strategies compares them, too.`,
      );
    const { best } = comparison;
    if (best) {
      if (outcomes.length > 1) print(`\nThe best on the validation part is ${best.name}.`);
      print(`\n${await recommendationList(best.model, data, userIndex)}`);
      if (encoder && text !== undefined) await printFromText(text, best, encoder, print);
    }
    if (encoder?.fitted) {
      const file = join(directory, "encoder.json");
      await saveTfIdfEncoder(encoder.fitted, file);
      print(`\nThe encoder of a new user's text, for loadTfIdfEncoder: ${file}`);
    }
    if (best) await exportBest(best, join(directory, "best.onnx"), data, print);
    await comparison.removeCheckpoints();
    const page = reportFile(directory);
    const reports = reportsByName(outcomes);
    await writeReport(page, await reportSubject(directory), { zoo, engine, data, reports });
    print(`\nWeights and manifests are in ${directory}`);
    print(`See the report in a browser: ${page}`);
    if (flags.json) printJson(await jsonResult(directory, outcomes, found, best, data, userIndex));
    if (best) {
      const { serve } = flags;
      await showPage({ model: best.model, data, ...(encoder && { encoder }) }, { serve, args, print });
    }
  } finally {
    interruption.release();
  }
}

/** @throws InvalidOptionsError naming a weight of a model that is not compared. */
function assertWeightsOfModels(beta: CompareFlags["beta"], { models }: ComparisonPlan): void {
  const names = models.map(({ name }) => name);
  for (const name of Object.keys(beta ?? {})) {
    if (names.includes(name)) continue;
    const message = `has no effect, because ${name} is not compared; add ${name} to --models, or leave it out`;
    throw new InvalidOptionsError("dmrec compare", [{ path: `--beta ${name}`, message }]);
  }
}

/** The test reports of the finished models. */
function reportsByName(outcomes: readonly Outcome[]): ReadonlyMap<string, RankingReport> {
  return new Map(
    outcomes.flatMap((outcome) =>
      outcome.kind === "finished" ? [[outcome.name, outcome.report] as const] : [],
    ),
  );
}

/** The result for scripts. */
async function jsonResult(
  directory: string,
  outcomes: readonly Outcome[],
  found: readonly Verdict[],
  best: BestModel | undefined,
  { userIds }: SplitDataset,
  userIndex: number,
): Promise<object> {
  const models = outcomes.flatMap((outcome) => {
    if (outcome.kind === "interrupted") return [];
    const { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch } = outcome.training;
    const training = { stopped, epochs, bestEpoch, secondsPerEpoch };
    return [{ model: outcome.name, ...training, validation: bestMetrics, test: outcome.report.metrics }];
  });
  const list = (await best?.model.recommend({ userIndex, count: 10 })) ?? [];
  const items = list.map(({ itemId, name, score }) => ({ itemId, name, score }));
  return { directory, models, againstBase: found, best: best?.name, user: userIds[userIndex], items };
}

/** The strategies that suit the data and are not in the plan. */
function leftOutStrategies({ models }: ComparisonPlan, data: SplitDataset, zoo: ModelZoo): string[] {
  const names = models.map(({ name }) => name);
  return zoo.defaultModels(data).filter((name) => !names.includes(name));
}

function titleOf(model: string, { models }: ModelZoo): string {
  return models.find(({ name }) => name === model)?.title ?? model;
}

/** The folder of a comparison, named by its data and its plan: another comparison never overwrites its models. */
function runFolder(plan: ComparisonPlan, data: SplitDataset, base: string): string {
  const key = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 8);
  return join(`compare-${fingerprint(data).slice(0, 12)}`, `${base}-${key}`);
}

function printStart({ engine, plan }: Comparison, flags: CompareFlags, zoo: ModelZoo, print: Print): void {
  if (engine) print(`Engine: ${engine.name} on ${engine.backend} (${engine.reason})`);
  const { base, settings } = flags;
  if (plan.models.some((model) => model.base !== undefined))
    print(`Base model: ${base} (${zoo.publishedSettings(base, "base", settings).source})`);
  for (const model of plan.models) if (model.base === undefined) print(`${model.name}: ${model.source}`);
  print("");
}

async function printFromText(
  text: string,
  { name, model }: BestModel,
  encoder: ProfileEncoder,
  print: Print,
): Promise<void> {
  if (readsTexts(model.recommender)) {
    print(`\n${textList(text, await recommendFromText(text, { model, encoder: await encoder.load() }))}`);
  } else {
    print(
      `\nThe best model, ${name}, does not read texts, so there are no recommendations from the text. --models mddm trains one that does.`,
    );
  }
}

/** Exports the best model, unless it has an operation without a counterpart in ONNX. Its weights are saved anyway. */
async function exportBest(
  { model }: BestModel,
  file: string,
  data: SplitDataset,
  print: Print,
): Promise<void> {
  try {
    await writeModel({ model, data }, file);
    print(`\nThe best model as ONNX, for loadRecommender of @dmrec/serving: ${file}`);
  } catch (error) {
    if (!UnsupportedError.isInstance(error)) throw error;
    print(`\nThe best model is not exported: ${error.message}`);
  }
}

function findUser(data: SplitDataset, id: string | undefined): number {
  const { name, test, userIds } = data;
  if (id !== undefined) {
    const user = userIds.indexOf(id);
    if (user >= 0) return user;
    throw new InvalidOptionsError("dmrec compare", [{ path: "--user", message: unknownUser(id, data) }]);
  }
  const user = test.offsets.findIndex((offset, index) => test.offsets[index + 1] > offset);
  if (user >= 0) return user;
  const expected =
    "users with at least 5 interactions each, of which one in five is held out to measure the models";
  throw new InvalidDataError({ source: name, actual: "no user has test items", expected });
}

/** Refuses a text that no model of the plan could read, before hours of training. */
function assertTextReader({ models }: ComparisonPlan, data: SplitDataset, zoo: ModelZoo): void {
  if (models.some((model) => readsTexts(zoo.make(model, data)))) return;
  const names = models.map(({ name }) => name).join(", ");
  const message = `needs a model that reads texts, such as mddm; ${names} ${models.length === 1 ? "does" : "do"} not`;
  throw new InvalidOptionsError("dmrec compare", [{ path: "--text", message }]);
}

function missingEncoder({ name, itemProfiles, userProfiles }: SplitDataset): never {
  const message =
    itemProfiles && userProfiles
      ? "needs the encoder of the data's profiles; add --embeddings default"
      : `needs profiles of items and users, which ${name} does not have`;
  throw new InvalidOptionsError("dmrec compare", [{ path: "--text", message }]);
}
