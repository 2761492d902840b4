import { plot } from "@dmrec/report";
import type { GrowthAxis, GrowthPoint } from "./growth";

/** Step time and memory against the number of items and of users, on logarithmic axes, as an SVG. */
export async function growthPlot(
  growth: Pick<Readonly<Record<GrowthAxis, readonly GrowthPoint[]>>, "items" | "users">,
): Promise<string> {
  const panel = (axis: "items" | "users", measure: "stepMs" | "peakMemoryMb", title: string) => ({
    data: { values: [...growth[axis]] },
    width: 320,
    height: 200,
    mark: { type: "line" as const, point: true },
    encoding: {
      x: { field: axis, type: "quantitative" as const, scale: { type: "log" as const }, title: axis },
      color: { field: "softmaxSamples", type: "nominal" as const, title: "items drawn (0: all)" },
      y: { field: measure, type: "quantitative" as const, scale: { type: "log" as const }, title },
    },
  });
  const svg = await plot({
    vconcat: (["items", "users"] as const).map((axis) => ({
      hconcat: [panel(axis, "stepMs", "step (ms)"), panel(axis, "peakMemoryMb", "peak memory (MB)")],
    })),
  });
  return String(svg);
}
