import type { OpenRecommender, RankingReport, SplitDataset } from "@dmrec/core";
import { describeDataset, itemPopularity } from "@dmrec/data";
import { createTrainer, type EngineChoice } from "@dmrec/trainer";
import type { ModelZoo } from "../../zoo/model-zoo";
import { type MetricsLine, readMetrics } from "../run/metrics-log";
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
}

/** A model as it was measured. */
interface MeasuredModel {
  readonly facts: Omit<ModelFacts, "gains">;
  readonly report: RankingReport;
  /** Its recommendations to the example users, in their order. */
  readonly lists: readonly Awaited<ReturnType<typeof exampleList>>[];
}

/**
 * Gathers everything that a report shows from the files of a run or a comparison: it opens one model after the other with its
 * weights and measures it on the test part.
 *
 * @throws FileError, InvalidDataError for files that are absent, damaged or of other data.
 */
export async function gatherFacts(subject: ReportSubject, options: GatherOptions): Promise<ReportFacts> {
  const { data } = options;
  const { monitor } = subject.training.evaluation;
  const measured: MeasuredModel[] = [];
  for (const trained of subject.models) measured.push(await measureModel(trained, subject, options));
  const [first, ...others] = measured;
  const gains = measuredGains(
    first.report,
    others.map(({ report }) => report),
  );
  // As a comparison chooses it: the first of equal ones.
  const best = measured.reduce((a, b) => (b.facts.validation[monitor] > a.facts.validation[monitor] ? b : a));
  const users = exampleUsers(first.report, data);
  const shown = best === first ? [best] : [best, first];
  return {
    kind: subject.kind,
    directory: subject.directory,
    data: dataFacts(subject, data),
    monitor,
    models: [first.facts, ...others.map(({ facts }, index) => ({ ...facts, gains: gains[index] }))],
    best: best.facts.name,
    examples: users.map(({ userIndex: _, ...user }, index) => ({
      ...user,
      lists: shown.map(({ facts, lists }) => ({ model: facts.name, items: lists[index] })),
    })),
  };
}

async function measureModel(
  { directory, model }: TrainedModel,
  { training }: ReportSubject,
  { zoo, engine, data }: GatherOptions,
): Promise<MeasuredModel> {
  const trainer = await createTrainer({ ...training, ...model.training, engine });
  const { weights } = runFiles(directory);
  await using open = await trainer.open(zoo.make(model, data), { data, weights });
  const report = await open.evaluate(data);
  const manifest = await readManifest(directory);
  return {
    facts: {
      name: model.name,
      title: open.recommender.name,
      source: model.source,
      settings: modelSettings(model, training),
      ...manifest,
      curve: curveOf(await readMetrics(directory)),
      test: measuredMetrics(report),
      groups: measuredGroups(report, data.train),
    },
    report,
    lists: await listsOf(open, data, exampleUsers(report, data)),
  };
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
