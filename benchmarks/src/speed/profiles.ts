import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

/** The events of ONNX Runtime's profiler: runs, operations on the host, and kernels on the graphics card. */
const profileSchema = z.array(
  z.object({
    name: z.string(),
    dur: z.number(),
    ts: z.number(),
    cat: z.string(),
    args: z
      .object({
        op_name: z.string().optional(),
        provider: z.string().optional(),
        output_type_shape: z.array(z.record(z.string(), z.array(z.number()))).optional(),
      })
      .optional(),
  }),
);

export type ProfileEvents = z.output<typeof profileSchema>;

/** A profile of one graph. */
export interface Profile {
  readonly events: ProfileEvents;
  /** The events that are whole runs of the graph. */
  readonly runs: ProfileEvents;
}

/** The profiles of all graphs whose files begin with a prefix. */
export async function readProfiles(prefix: string): Promise<Profile[]> {
  const folder = dirname(prefix);
  const names = (await readdir(folder)).filter((name) => name.startsWith(basename(prefix)));
  return Promise.all(
    names.map(async (name) => {
      const events = profileSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")));
      return { events, runs: events.filter((event) => event.name === "model_run") };
    }),
  );
}
