import { itemPopularity, type OpenRecommender, type RankingReport, type SplitDataset } from "@dmrec/core";
import { describeDataset } from "@dmrec/data";
import { createTrainer, type EngineChoice } from "@dmrec/trainer";
import type { ModelZoo } from "../../zoo/model-zoo";
import { type MetricsLine, readMetrics } from "../run/metrics-log";
import { damaged } from "../run/open-run";
import { runFiles } from "../run/run-record";
import { type ExampleUser, exampleList, exampleUsers } from "./example-users";
import { doublingBins, measuredGains, measuredGroups, measuredMetrics } from "./measure";
import type { CurveFacts, DataFacts, ModelFacts, ReportFacts } from "./report-facts";
import { type ReportSubject, readManifest, type TrainedModel } from "./report-subject";
import { dataSettings, modelSettings } from "./settings";

export interface GatherOptions {
  readonly zoo: ModelZoo;
  readonly engine: EngineChoice;
  readonly data: SplitDataset;
  /** The test reports of models, by name, that were measured before. @default none */
  readonly reports?: ReadonlyMap<string, RankingReport>;
}

/** A model as it was measured. */
interface MeasuredModel {
  /** The name for people. */
  readonly title: string;
  readonly report: RankingReport;
  /** Its recommendations to the example users, in their order; none if they are not shown. */
  readonly lists: readonly Awaited<ReturnType<typeof exampleList>>[];
}

/**
 * Gathers everything that a report shows from the files of a run or a comparison. It opens one model after the other with its
 * weights, measures it on the test part unless that was done before, and asks those that are shown for recommendations.
 *
 * @throws FileError, InvalidDataError for files that are absent, damaged or of other data.
 */
export async function gatherFacts(subject: ReportSubject, options: GatherOptions): Promise<ReportFacts> {
  const { data } = options;
  const { models, training } = subject;
  const { monitor } = training.evaluation;
  const manifests = await Promise.all(models.map(({ directory }) => readManifest(directory)));
  // As a comparison chooses it: the first of equal ones.
  const best = manifests.reduce(
    (top, { validation }, index) => (validation[monitor] > manifests[top].validation[monitor] ? index : top),
    0,
  );
  const shown = best === 0 ? [0] : [best, 0];
  const measured: MeasuredModel[] = [];
  for (const [index, trained] of models.entries())
    measured.push(await measureModel(trained, training, shown.includes(index), options));
  const [first, ...others] = measured.map(({ report }) => report);
  const gains = [undefined, ...measuredGains(first, others)];
  const facts = measured.map(async ({ title, report }, index): Promise<ModelFacts> => {
    const { model, directory } = models[index];
    const ownGains = gains[index];
    return {
      name: model.name,
      title,
      source: model.source,
      settings: modelSettings(model, training),
      ...manifests[index],
      curve: curveOf(await readMetrics(directory)),
      test: measuredMetrics(report),
      groups: measuredGroups(report, data.train),
      ...(ownGains && { gains: ownGains }),
    };
  });
  return {
    kind: subject.kind,
    directory: subject.directory,
    data: dataFacts(subject, data),
    monitor,
    models: await Promise.all(facts),
    best: models[best].model.name,
    examples: exampleUsers(first, data).map(({ userIndex: _, ...user }, example) => ({
      ...user,
      lists: shown.map((index) => ({
        model: models[index].model.name,
        items: measured[index].lists[example],
      })),
    })),
  };
}

async function measureModel(
  { directory, model }: TrainedModel,
  training: ReportSubject["training"],
  isShown: boolean,
  { zoo, engine, data, reports }: GatherOptions,
): Promise<MeasuredModel> {
  const recommender = zoo.make(model, data);
  const title = recommender.name;
  const known = reports?.get(model.name);
  if (known && !isShown) return { title, report: known, lists: [] };
  const trainer = await createTrainer({ ...training, ...model.training, engine });
  const { weights } = runFiles(directory);
  const remedy = "run the command that trained it again, which writes it again";
  await using open = await trainer
    .open(recommender, { data, weights })
    .catch((cause: unknown) => damaged(weights, cause, remedy));
  const report = known ?? (await open.evaluate(data));
  const lists = isShown ? await listsOf(open, data, exampleUsers(report, data)) : [];
  return { title, report, lists };
}

async function listsOf(open: OpenRecommender, data: SplitDataset, users: readonly ExampleUser[]) {
  const lists: MeasuredModel["lists"][number][] = [];
  for (const user of users) lists.push(await exampleList(open, data, user));
  return lists;
}

function curveOf(lines: readonly MetricsLine[]): CurveFacts {
  const points = (group: string) =>
    lines.flatMap((line) => {
      const values = Object.entries(line).filter(([name]) => name.startsWith(`${group}/`));
      if (values.length === 0) return [];
      return [
        {
          epoch: line.epoch,
          values: Object.fromEntries(values.map(([name, value]) => [name.slice(group.length + 1), value])),
        },
      ];
    });
  return {
    losses: points("loss").map(({ epoch, values }) => ({ epoch, terms: values })),
    validation: points("validation").map(({ epoch, values }) => ({ epoch, metrics: values })),
  };
}

function dataFacts({ data: flags, dataSha256 }: ReportSubject, data: SplitDataset): DataFacts {
  const { offsets } = data.train;
  const width = data.profileEmbeddings?.items.columnCount;
  return {
    ...describeDataset(data),
    name: data.name,
    sha256: dataSha256,
    ...(width !== undefined && { embeddingWidth: width }),
    settings: dataSettings(flags),
    userActivity: doublingBins(offsets.slice(1).map((end, user) => end - offsets[user])),
    itemActivity: doublingBins(itemPopularity(data.train)),
  };
}
