import * as vega from "vega";
import { compile } from "vega-lite";
import type { GrowthPoint } from "./growth";

/** Step time and memory against the number of items and of users, on logarithmic axes, as an SVG. */
export function growthPlot(
  growth: Readonly<Record<"items" | "users", readonly GrowthPoint[]>>,
): Promise<string> {
  const panel = (axis: "items" | "users", measure: "stepMs" | "peakMemoryMb", title: string) => ({
    data: { values: [...growth[axis]] },
    width: 320,
    height: 200,
    mark: { type: "line" as const, point: true },
    encoding: {
      x: { field: axis, type: "quantitative" as const, scale: { type: "log" as const }, title: axis },
      y: { field: measure, type: "quantitative" as const, scale: { type: "log" as const }, title },
    },
  });
  const { spec } = compile({
    background: "white",
    vconcat: (["items", "users"] as const).map((axis) => ({
      hconcat: [panel(axis, "stepMs", "step (ms)"), panel(axis, "peakMemoryMb", "peak memory (MB)")],
    })),
  });
  return new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}
