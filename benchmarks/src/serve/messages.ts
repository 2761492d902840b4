import { z } from "zod";

export const loadSchema = z.object({
  url: z.string(),
  clients: z.int(),
  seconds: z.number(),
  /** The number of users of the data. */
  users: z.int(),
  seed: z.int(),
});
/** A question to the process of clients. */
export type Load = z.output<typeof loadSchema>;

export const loadResultSchema = z.object({
  /** The time of each answer. */
  milliseconds: z.instanceof(Float32Array),
  /** Requests without a good answer, by the code of the error. */
  failures: z.record(z.string(), z.int()),
  cpuSeconds: z.number(),
});
export type LoadResult = z.output<typeof loadResultSchema>;

export const questionSchema = z.object({ kind: z.enum(["bulk", "usage", "swap"]) });
/** A question to the process of the service: to recommend to many users at once, to count what it uses, to change its model. */
export type Question = z.output<typeof questionSchema>;

export const urlSchema = z.object({ url: z.string() });
export const usageSchema = z.object({
  /** Wall-clock seconds of the call; 0 if it was no call. */
  seconds: z.number(),
  /** Seconds of all threads of the process since its start. */
  cpuSeconds: z.number(),
  memoryMb: z.number(),
});
export type Usage = z.output<typeof usageSchema>;
