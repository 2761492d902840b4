import { type ProfileEvents, readProfiles } from "../speed/profiles";

export interface KernelTimes {
  /** Kernels that a run starts. */
  readonly kernels: number;
  /** Milliseconds on the card a run, of all kernels. */
  readonly cardMs: number;
  /** Milliseconds a run, as the host sees it. */
  readonly runMs: number;
  /** Milliseconds on the card a run, by part of the graph. */
  readonly regions: ReadonlyMap<string, number>;
  /** Milliseconds on the card a run and number of kernels, by part of the graph, operator and shape of the result. */
  readonly groups: ReadonlyMap<string, { readonly ms: number; readonly count: number }>;
  /** Operations that ONNX Runtime ran on the CPU instead, by operator. */
  readonly onHost: ReadonlyMap<string, number>;
}

/** Reads the profile of training steps with the most runs, those of full batches, and leaves out its first runs. */
export async function kernelTimes(prefix: string, warmUp: number): Promise<KernelTimes | undefined> {
  let longest: { readonly runs: number; readonly times: KernelTimes } | undefined;
  for (const { events, runs } of await readProfiles(prefix)) {
    // Other graphs, such as those that score, have no optimizer.
    const isStep = events.some((event) => event.name.startsWith("optimizer/"));
    if (isStep && runs.length > Math.max(warmUp, longest?.runs ?? 0))
      longest = { runs: runs.length, times: timesOf(events, runs, warmUp) };
  }
  return longest?.times;
}

function timesOf(events: ProfileEvents, allRuns: ProfileEvents, warmUp: number): KernelTimes {
  const shapes = new Map<string, string>();
  const onHost = new Map<string, number>();
  const runs = allRuns.slice(warmUp);
  for (const { cat, name, args, ts } of events) {
    if (cat !== "Node" || !args?.op_name) continue;
    const node = name.replace(/_kernel_time$/, "");
    const [shape] = args.output_type_shape?.flatMap((output) => Object.values(output)) ?? [];
    shapes.set(node, `[${shape?.join(", ")}]`);
    if (args.provider === "CPUExecutionProvider" && ts >= runs[0].ts)
      onHost.set(args.op_name, (onHost.get(args.op_name) ?? 0) + 1 / runs.length);
  }
  // Kernels are in the order of their starts, as many in each run.
  const all = events.filter(({ cat }) => cat === "Api");
  const perRun = Math.round(all.length / allRuns.length);
  const counted = all.slice(warmUp * perRun);
  const regions = new Map<string, number>();
  const groups = new Map<string, { ms: number; count: number }>();
  let cardMs = 0;
  for (const { name, dur } of counted) {
    const [node, operator, kernel] = name.split("&");
    const ms = dur / 1000 / runs.length;
    cardMs += ms;
    const region = node.includes("/") ? node.slice(0, node.indexOf("/")) : "other";
    regions.set(region, (regions.get(region) ?? 0) + ms);
    const own = node.includes("/sum_") || node.includes("/merged_") ? " of sums of rows" : "";
    const key = `${region}: ${operator}${kernel === operator ? "" : ` (${kernel})`}${own} ${shapes.get(node) ?? ""}`;
    const group = groups.get(key) ?? { ms: 0, count: 0 };
    groups.set(key, { ms: group.ms + ms, count: group.count + 1 / runs.length });
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.ms - a.ms);
  return {
    kernels: perRun,
    cardMs,
    runMs: runs.reduce((sum, { dur }) => sum + dur / 1000, 0) / runs.length,
    regions,
    groups: new Map(sorted),
    onHost,
  };
}
