import { bootstrapInterval, summarise } from "@dmrec/eval";
import { type PlotSpec, plot } from "@dmrec/report";
import { type Experiment, efficiencyBase, figureBase } from "./plan";
import { activities, type ComparedVariant, groupGains, mainMetric, type Records } from "./tables";

/** Draws a plot as SVG. */
async function draw(spec: PlotSpec): Promise<string> {
  return String(await plot(spec));
}

const recall = { title: "Recall@20", scale: { zero: false } };

/** Figure 2: Recall@20 on validation against epochs and against seconds. */
export function efficiencyFigure(records: Records): Promise<string> | undefined {
  const values = ["base", "mddm"].flatMap((name) =>
    (records.get(`${efficiencyBase}/${name}`) ?? []).flatMap(({ seed, curve }) =>
      curve.map((point) => ({ model: name, seed, ...point })),
    ),
  );
  if (values.length === 0) return undefined;
  const panel = (axis: "epoch" | "seconds") => ({
    width: 320,
    height: 220,
    mark: { type: "line" as const },
    encoding: {
      x: { field: axis, type: "quantitative" as const },
      y: { field: "recall", type: "quantitative" as const, ...recall },
      color: { field: "model", type: "nominal" as const },
      detail: { field: "seed", type: "nominal" as const },
    },
  });
  return draw({ data: { values }, hconcat: [panel("epoch"), panel("seconds")] });
}

/** Figure 3: the mean gain of each group of users with a bootstrap interval of 95%. */
export function groupFigure(records: Records): Promise<string> | undefined {
  const values = groupGains(records).flatMap(({ above, upTo, share, gains }) => {
    if (gains.length < 2) return [];
    const { estimate, low, high } = bootstrapInterval(gains, { method: "percentile", resamples: 2000 });
    const range =
      upTo === Number.POSITIVE_INFINITY ? `more than ${above}` : `${above === 0 ? 0 : above + 1} to ${upTo}`;
    return [{ group: `${range} (${(100 * share).toFixed(0)}%)`, gain: estimate, low, high }];
  });
  if (values.length === 0) return undefined;
  const x = {
    field: "group",
    type: "nominal" as const,
    sort: null,
    title: "training interactions of the user (share of users)",
    axis: { labelAngle: 0 },
  };
  return draw({
    data: { values },
    width: 420,
    height: 240,
    layer: [
      {
        mark: "bar",
        encoding: { x, y: { field: "gain", type: "quantitative", title: "gain in Recall@20" } },
      },
      { mark: "rule", encoding: { x, y: { field: "low", type: "quantitative" }, y2: { field: "high" } } },
    ],
  });
}

/** Figure 4: the activity of dimensions as box plots. */
export function activityFigure(records: Records): Promise<string> | undefined {
  const values = activities(records).flatMap(({ model, values }) =>
    values.map((activity) => ({ model, activity })),
  );
  if (values.length === 0) return undefined;
  return draw({
    data: { values },
    width: 240,
    height: 240,
    mark: "boxplot",
    encoding: {
      x: { field: "model", type: "nominal" },
      y: { field: "activity", type: "quantitative", title: "Var over users of E[z_d]" },
    },
  });
}

/** Figure 5 and like ones: a bar for each variant with the deviation over seeds. */
export function variantFigure(compared: readonly ComparedVariant[]): Promise<string> | undefined {
  const values = compared.map(({ label, mean, standardDeviation }) => ({
    label,
    mean,
    low: mean - standardDeviation,
    high: mean + standardDeviation,
  }));
  if (values.length === 0) return undefined;
  const y = { field: "label", type: "nominal" as const, sort: null, title: null };
  return draw({
    data: { values },
    width: 420,
    height: { step: 24 },
    layer: [
      { mark: "point", encoding: { y, x: { field: "mean", type: "quantitative", ...recall } } },
      { mark: "rule", encoding: { y, x: { field: "low", type: "quantitative" }, x2: { field: "high" } } },
    ],
  });
}

/** Figure 6: Recall@20 against β by strategy, and the base model's as a line across. */
export function betaFigure({ variants }: Experiment, records: Records): Promise<string> | undefined {
  const meanOf = (id: string) => {
    const runs = records.get(id) ?? [];
    return runs.length > 0 ? summarise(runs.map(({ metrics }) => metrics[mainMetric])).mean : undefined;
  };
  const values = variants.flatMap(({ variant: { id, model } }) => {
    const mean = meanOf(id);
    return model.beta === undefined || mean === undefined
      ? []
      : [{ strategy: model.name, beta: model.beta, mean }];
  });
  if (values.length === 0) return undefined;
  const base = meanOf(`${figureBase}/base`);
  const y = { field: "mean", type: "quantitative" as const, ...recall };
  return draw({
    width: 420,
    height: 260,
    layer: [
      {
        data: { values },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "beta", type: "quantitative", title: "β" },
          y,
          color: { field: "strategy", type: "nominal" },
        },
      },
      ...(base === undefined
        ? []
        : [
            {
              data: { values: [{ mean: base }] },
              mark: { type: "rule" as const, strokeDash: [4, 4] },
              encoding: { y },
            },
          ]),
    ],
  });
}

/** The gain of DMRec-M against the share of profiles that are exchanged. */
export function noiseFigure({ variants }: Experiment, records: Records): Promise<string> | undefined {
  const values = variants.flatMap(({ variant: { id, model, shuffledProfiles: share = 0 } }) =>
    // The base model reads no profiles.
    model.name === "base"
      ? []
      : (records.get(id) ?? []).map(({ seed, metrics }) => ({ share, seed, recall: metrics[mainMetric] })),
  );
  if (values.length === 0) return undefined;
  return draw({
    data: { values },
    width: 320,
    height: 220,
    layer: [
      {
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "share", type: "quantitative", title: "share of profiles exchanged" },
          y: { field: "recall", type: "quantitative", aggregate: "mean", ...recall },
        },
      },
      {
        mark: { type: "point", opacity: 0.4 },
        encoding: {
          x: { field: "share", type: "quantitative" },
          y: { field: "recall", type: "quantitative", ...recall },
        },
      },
    ],
  });
}
