import { type EffectSize, summarise } from "@dmrec/eval";
import { type Compared, compareAll, effectOverUsers, type GroupGain, gainByGroup } from "./comparison";
import { type Experiment, efficiencyBase, figureBase } from "./plan";
import type { RunRecord } from "./run-record";

/** The finished runs by the id of their variant. */
export type Records = ReadonlyMap<string, readonly RunRecord[]>;

/** A table of text; a column of a name and columns of figures. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const headlineMetrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"] as const;
/** The metric of tests and figures. */
export const mainMetric = "recall@20";

/** The variants of an experiment that have finished runs. */
function finished({ variants }: Experiment, records: Records) {
  return variants.flatMap(({ variant, seeds }) => {
    const runs = records.get(variant.id)?.slice(0, seeds);
    return runs && runs.length > 0 ? [{ variant, runs }] : [];
  });
}

/** The variant that a variant is compared with: its unmatched base model; DMRec-M in table 3. */
export function referenceOf({ name }: Experiment, base: string | undefined): string {
  return name === "table-3" ? `${figureBase}/mddm` : `${base ?? figureBase}/base`;
}

/** The results of an experiment's variants beside what they are compared with. */
export interface ComparedVariant extends Compared {
  readonly id: string;
  readonly label: string;
  readonly reference: string;
  /** Cohen's d over users; absent if their differences do not vary, and for the reference. */
  readonly effect?: EffectSize;
  readonly means: Readonly<Record<string, { readonly mean: number; readonly standardDeviation: number }>>;
}

/** Compares every variant of an experiment with its reference; references themselves have no test. */
export function comparedVariants(experiment: Experiment, records: Records): ComparedVariant[] {
  const rows = finished(experiment, records).map(({ variant, runs }) => {
    const reference = referenceOf(experiment, variant.model.base);
    return { variant, runs, reference, other: records.get(reference) ?? [] };
  });
  const tested = rows.filter(({ variant, reference }) => variant.id !== reference);
  const compared = compareAll(
    tested.map(({ runs, other }) => ({ runs, reference: other })),
    mainMetric,
  );
  return rows.map(({ variant, runs, reference, other }) => {
    const isReference = variant.id === reference;
    // A reference beside itself: its means, and tests that say nothing.
    const test = isReference
      ? compareAll([{ runs, reference: other }], mainMetric)[0]
      : compared[tested.findIndex((row) => row.variant === variant)];
    const means = Object.fromEntries(
      headlineMetrics.map((metric) => [metric, summarise(runs.map(({ metrics }) => metrics[metric]))]),
    );
    const effect = isReference ? undefined : effectOverUsers({ runs, reference: other }, mainMetric);
    return {
      ...test,
      ...(effect && { effect }),
      id: variant.id,
      label: variant.label,
      reference,
      means,
    };
  });
}

/** Means and deviations over seeds, the improvement, and its tests. */
export function comparisonTable(compared: readonly ComparedVariant[]): TextTable {
  return {
    head: [
      "model",
      "seeds",
      ...headlineMetrics.map((metric) => metric.replace("recall", "Recall").replace("ndcg", "NDCG")),
      "gain",
      "p over seeds",
      "p over users",
      "Cohen's d over users",
      "significant",
    ],
    rows: compared.map((row) => [
      row.label,
      String(row.seeds),
      ...headlineMetrics.map((metric) => withDeviation(row.means[metric], row.seeds)),
      ...(row.id === row.reference ? ["", "", "", "", ""] : testCells(row)),
    ]),
  };
}

function testCells({
  improvement,
  overSeeds,
  overUsers,
  effect,
  isSignificant,
  commonSeeds,
}: ComparedVariant): string[] {
  return [
    `${improvement < 0 ? "" : "+"}${(100 * improvement).toFixed(1)}%`,
    commonSeeds < 2 ? "" : probability(overSeeds),
    probability(overUsers),
    effect ? `${effect.d.toFixed(3)} [${effect.low.toFixed(3)}, ${effect.high.toFixed(3)}]` : "",
    isSignificant ? "yes" : "no",
  ];
}

const withDeviation = (
  { mean, standardDeviation }: { readonly mean: number; readonly standardDeviation: number },
  seeds: number,
) => (seeds < 2 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`);

const probability = (p: number) => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** The epochs and the seconds to the best state, of the base model of figure 2 and its match. */
export function efficiencyTable(records: Records): TextTable {
  const rows = ["base", "mddm"].flatMap((name) => {
    const runs = records.get(`${efficiencyBase}/${name}`) ?? [];
    if (runs.length === 0) return [];
    const mean = (of: (run: RunRecord) => number) => summarise(runs.map(of)).mean;
    return [
      [
        `${efficiencyBase}/${name}`,
        mean(({ bestEpoch }) => bestEpoch).toFixed(0),
        mean(({ secondsPerEpoch }) => secondsPerEpoch).toFixed(3),
        mean(({ bestEpoch, secondsPerEpoch }) => bestEpoch * secondsPerEpoch).toFixed(0),
        mean(({ metrics }) => metrics[mainMetric]).toFixed(4),
      ],
    ];
  });
  return { head: ["model", "best epoch", "seconds an epoch", "seconds to the best", "Recall@20"], rows };
}

/** The gain of DMRec-M over its base model by groups of users. */
export function groupGains(records: Records): GroupGain[] {
  const [runs, reference] = ["mddm", "base"].map((name) => records.get(`${figureBase}/${name}`) ?? []);
  return runs.length > 0 && reference.length > 0 ? gainByGroup({ runs, reference }, mainMetric) : [];
}

/** A dimension counts as active if its A_d is above this (Burda et al. 2015). */
export const activityThreshold = 0.01;

/** The activity of dimensions of the base model and of DMRec-M, in the runs of all seeds together. */
export function activities(
  records: Records,
): { readonly model: string; readonly values: readonly number[] }[] {
  return ["base", "mddm"].flatMap((name) => {
    const values = (records.get(`${figureBase}/${name}`) ?? []).flatMap(({ activity = [] }) => activity);
    return values.length > 0 ? [{ model: name === "base" ? "base" : "DMRec-M", values }] : [];
  });
}

/** The value at a share of the order of some values. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

export function activityTable(records: Records): TextTable {
  return {
    head: ["model", "first quartile", "median", "third quartile", `share above ${activityThreshold}`],
    rows: activities(records).map(({ model, values }) => [
      model,
      ...[0.25, 0.5, 0.75].map((share) => quantile(values, share).toPrecision(3)),
      `${((100 * values.filter((value) => value > activityThreshold).length) / values.length).toFixed(1)}%`,
    ]),
  };
}

/** A table in Markdown. */
export function markdown({ head, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
