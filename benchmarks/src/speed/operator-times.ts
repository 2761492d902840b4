import { readProfiles } from "./profiles";

/** Milliseconds a run by operator, from the profiler's file whose runs took the most time: the training step's. */
export async function operatorTimes(prefix: string, warmUp: number): Promise<Map<string, number>> {
  let longest = { total: 0, times: new Map<string, number>() };
  for (const { events, runs: allRuns } of await readProfiles(prefix)) {
    const runs = allRuns.slice(warmUp);
    const total = runs.reduce((sum, { dur }) => sum + dur, 0);
    if (total <= longest.total) continue;
    const times = new Map<string, number>();
    for (const { cat, ts, dur, args } of events) {
      // A Scan's own time is that of the operations within it, which are listed too.
      if (cat !== "Node" || ts < runs[0].ts || !args?.op_name || args.op_name === "Scan") continue;
      times.set(args.op_name, (times.get(args.op_name) ?? 0) + dur / 1000 / runs.length);
    }
    longest = { total, times };
  }
  return new Map([...longest.times].sort(([, a], [, b]) => b - a));
}
