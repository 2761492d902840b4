import type { Config, TopLevelSpec } from "vega-lite";
import { Html } from "./html";
import { seriesColours } from "./style";

/** A plot as Vega-Lite describes it. */
export type PlotSpec = TopLevelSpec;

const ink = "var(--ink, #1f2430)";
const soft = "var(--soft, #5b6472)";
const line = "var(--line, #e3e6ea)";

/** Colours are variables of the page, so a plot follows its light, dark and printed look. Outside of a page it is light. */
const theme: Config = {
  background: "transparent",
  font: "system-ui, sans-serif",
  padding: 4,
  view: { stroke: null },
  range: { category: seriesColours.map(({ light }, index) => `var(--series-${index + 1}, ${light})`) },
  axis: {
    labelColor: soft,
    titleColor: soft,
    gridColor: line,
    domainColor: line,
    tickColor: line,
    ticks: false,
    domain: false,
    labelFontSize: 11,
    labelPadding: 8,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
  },
  axisX: { grid: false, domain: true },
  axisY: { titleAnchor: "end", titleAngle: 0, titleAlign: "left", titleY: -12, titleX: -36 },
  legend: {
    orient: "bottom",
    direction: "horizontal",
    title: null,
    labelColor: ink,
    labelFontSize: 12,
    labelLimit: 240,
    symbolStrokeWidth: 3,
    columnPadding: 20,
    offset: 12,
  },
  title: { color: ink, fontSize: 13, fontWeight: 600, anchor: "start", offset: 22 },
  line: { strokeWidth: 2 },
  point: { filled: true, size: 48, opacity: 1 },
  bar: { cornerRadiusEnd: 3 },
  rule: { color: ink },
  text: { color: ink, fontSize: 11 },
};

/**
 * Draws a plot as SVG, without a browser and without a network.
 *
 * @example
 * await plot({ data: { values: [{ x: 1, y: 2 }] }, mark: "point", encoding: { x: { field: "x" }, y: { field: "y" } } });
 */
export async function plot(spec: PlotSpec): Promise<Html> {
  // Only a report loads them: they are large.
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const { spec: compiled } = compile(spec, { config: theme });
  return new Html(await new vega.View(vega.parse(compiled), { renderer: "none" }).toSVG());
}
