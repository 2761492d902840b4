import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

/** The events of ONNX Runtime's profiler that are used: runs, and operations within them. */
const profileSchema = z.array(
  z.object({
    name: z.string(),
    dur: z.number(),
    ts: z.number(),
    cat: z.string(),
    args: z.object({ op_name: z.string().optional() }).optional(),
  }),
);

/** Milliseconds a run by operator, from the profiler's file whose runs took the most time: the training step's. */
export async function operatorTimes(prefix: string, warmUp: number): Promise<Map<string, number>> {
  const names = (await readdir(dirname(prefix))).filter((name) => name.startsWith(basename(prefix)));
  let longest = { total: 0, times: new Map<string, number>() };
  for (const name of names) {
    const text = await readFile(join(dirname(prefix), name), "utf8");
    const events = profileSchema.parse(JSON.parse(text));
    const runs = events.filter((event) => event.name === "model_run").slice(warmUp);
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
