// The process of a test's tasks: it counts up to a number, and keeps in a file how far it came.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { answerTasks } from "../answer-tasks";

const taskSchema = z.object({
  file: z.string(),
  until: z.number(),
  /** The count after which the process kills itself. */
  deadly: z.number().optional(),
  failure: z.string().optional(),
});

export type CountingTask = z.output<typeof taskSchema>;

await answerTasks(async (data, { abortSignal, report }) => {
  const { file, until, deadly, failure } = taskSchema.parse(data);
  if (failure !== undefined) throw new Error(failure);
  const first = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  for (let count = first + 1; count <= until; count += 1) {
    if (abortSignal.aborted) return undefined;
    // A count that is always deadly is never saved.
    if (count === deadly) process.kill(process.pid, "SIGKILL");
    writeFileSync(file, String(count));
    await report(`count ${count} from ${first}`);
    await setTimeout(20);
  }
  return { counted: until };
});
