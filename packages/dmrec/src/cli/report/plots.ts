import { type Html, type PlotSpec, plot } from "@dmrec/report";
import { metricName, range } from "./figures-as-text";
import type { Bin, ModelFacts, ReportFacts } from "./report-facts";

/** Points of a curve beyond which some are left out, so that a long run has a small report. */
const mostPoints = 400;

const epochAxis = { tickMinStep: 1, tickCount: 8, format: ",d" };

/** The scale of colours: the first of several models is grey, because the others are compared with it. */
function modelColour(models: readonly ModelFacts[]) {
  const series = models.map((_, index) =>
    index === 0 && models.length > 1 ? 8 : models.length > 1 ? index : 1,
  );
  const range = series.map((number) => `var(--series-${((number - 1) % 8) + 1})`);
  return {
    field: "model",
    type: "nominal" as const,
    sort: null,
    scale: { domain: models.map(({ name }) => name), range },
    ...(models.length === 1 && { legend: null }),
  };
}

/** The monitored metric on the validation part by epoch, and the best epoch of each model. */
export function validationPlot({ models, monitor }: ReportFacts): Promise<Html> | undefined {
  const points = models.flatMap(({ name, curve }) =>
    thinned(curve.validation).map(({ epoch, metrics }) => ({ model: name, epoch, value: metrics[monitor] })),
  );
  if (new Set(points.map(({ epoch }) => epoch)).size < 2) return undefined;
  const best = models.map(({ name, training, validation }) => ({
    model: name,
    epoch: training.bestEpoch,
    value: validation[monitor],
  }));
  const x = { field: "epoch", type: "quantitative" as const, title: "epoch", axis: epochAxis };
  const y = {
    field: "value",
    type: "quantitative" as const,
    title: `${metricName(monitor)}, validation`,
    scale: { zero: false },
  };
  const color = modelColour(models);
  return plot({
    width: 940,
    height: 270,
    layer: [
      { data: { values: points }, mark: "line", encoding: { x, y, color } },
      { data: { values: best }, mark: { type: "point", size: 90 }, encoding: { x, y, color } },
    ],
  });
}

/** Each term of the loss by epoch. Models that share a term share its plot. */
export function lossPlots({
  models,
}: ReportFacts): readonly { readonly term: string; readonly draw: Promise<Html> }[] {
  const terms = [
    ...new Set(models.flatMap(({ curve }) => curve.losses.flatMap(({ terms }) => Object.keys(terms)))),
  ];
  return terms.flatMap((term) => {
    const values = models.flatMap(({ name, curve }) =>
      thinned(curve.losses.filter(({ terms }) => term in terms)).map(({ epoch, terms }) => ({
        model: name,
        epoch,
        value: terms[term],
      })),
    );
    if (values.length < 2) return [];
    const spec: PlotSpec = {
      data: { values },
      width: 425,
      height: 170,
      mark: "line",
      encoding: {
        x: { field: "epoch", type: "quantitative", title: "epoch", axis: epochAxis },
        y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
        color: modelColour(models),
      },
    };
    return [{ term, draw: plot(spec) }];
  });
}

/** The monitored metric of each model on the test part with its interval. */
export function modelsPlot({ models, monitor }: ReportFacts): Promise<Html> {
  const values = models.map(({ name, test }) => ({ model: name, ...test[monitor] }));
  const y = {
    field: "model",
    type: "nominal" as const,
    sort: null,
    title: null,
    axis: { labelFontSize: 13 },
  };
  const scale = { zero: false };
  const color = { ...modelColour(models), legend: null };
  const title = `${metricName(monitor)}, test, with its interval of 95% over users`;
  return plot({
    data: { values },
    width: 900,
    height: { step: 40 },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 3, opacity: 0.35 },
        encoding: {
          y,
          x: { field: "low", type: "quantitative", scale, title },
          x2: { field: "high" },
          color,
        },
      },
      {
        mark: { type: "point", size: 130, opacity: 1 },
        encoding: { y, x: { field: "mean", type: "quantitative", scale, title }, color },
      },
    ],
  });
}

/** The monitored metric by groups of users. */
export function groupsPlot({ models, monitor }: ReportFacts): Promise<Html> {
  const values = models.flatMap(({ name, groups }) =>
    groups.map((group) => ({ model: name, group: `${range(group)} items`, ...group.metrics[monitor] })),
  );
  const x = {
    field: "group",
    type: "nominal" as const,
    sort: null,
    title: "training items of the user",
    axis: { labelAngle: 0 },
    scale: { paddingInner: 0.35 },
  };
  const xOffset = { field: "model", sort: null };
  const color = modelColour(models);
  return plot({
    data: { values },
    width: Math.min(940, 240 * models[0].groups.length),
    height: 240,
    layer: [
      {
        mark: { type: "bar", opacity: 0.9 },
        encoding: {
          x,
          xOffset,
          y: { field: "mean", type: "quantitative", title: `${metricName(monitor)}, test` },
          color,
        },
      },
      {
        mark: { type: "rule", opacity: 0.75 },
        encoding: { x, xOffset, y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
      },
    ],
  });
}

/** The number of users, or of items, by training interactions. */
export function activityPlot(bins: readonly Bin[], what: "users" | "items"): Promise<Html> {
  return plot({
    data: { values: bins.map((bin) => ({ range: range(bin), count: bin.count })) },
    width: 425,
    height: 170,
    mark: { type: "bar", color: "var(--series-1)", opacity: 0.85 },
    encoding: {
      x: {
        field: "range",
        type: "nominal",
        sort: null,
        title: "training interactions",
        axis: { labelAngle: 0, labelOverlap: true },
        scale: { paddingInner: 0.15 },
      },
      y: { field: "count", type: "quantitative", title: what },
    },
  });
}

/** A curve with at most {@link mostPoints} of its points, the last one included. */
function thinned<Point>(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / mostPoints));
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
