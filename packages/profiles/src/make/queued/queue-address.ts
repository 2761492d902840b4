import { z } from "zod";

/** The address of a queue, which its runs and workers share. */
export interface QueueAddress {
  /** The address of Redis: `redis://localhost:6379`. */
  readonly url: string;
  /**
   * The name of the queue.
   *
   * @default "dmrec-profiles"
   */
  readonly name?: string | undefined;
}

export const queueAddressSchema = z.strictObject({
  url: z.string().min(1),
  // Redis separates the parts of a key by colons.
  name: z
    .string()
    .regex(/^[^:]+$/, { error: "must be a text without colons" })
    .default("dmrec-profiles"),
});
