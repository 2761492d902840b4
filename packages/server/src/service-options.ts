import { z } from "@hono/zod-openapi";

export interface ServiceOptions {
  /** The largest body of a request, in bytes. @default 1048576 */
  readonly maxBodyBytes?: number;
  /**
   * The longest time for the headers and body of a request to arrive, for its answer, and for open connections to end after a
   * stop, in seconds. At most a day.
   *
   * @default 10
   */
  readonly timeoutSeconds?: number;
  /** Requests that a client may make a second, by its address. @default no limit */
  readonly requestsPerSecond?: number;
  /** Users that may wait for an answer at a time. Further ones are refused until some are answered. @default 10000 */
  readonly maxWaiting?: number;
  /** Requests in a batch. @default 1000 */
  readonly maxBatch?: number;
  /** Items in an answer. @default 1000 */
  readonly maxCount?: number;
  /** Hears of failures that are not the client's fault. @default prints them on standard error */
  readonly onError?: (error: unknown) => void;
}

const positive = z.int().positive();
/** The seconds of a day. A timer of Node.js ends at once if its milliseconds do not fit into 31 bits. */
const longestTimeout = 86_400;

export const serviceOptionsSchema = z.strictObject({
  maxBodyBytes: positive.default(2 ** 20),
  timeoutSeconds: z.number().positive().max(longestTimeout).default(10),
  requestsPerSecond: positive.optional(),
  maxWaiting: positive.default(10_000),
  maxBatch: positive.default(1000),
  maxCount: positive.default(1000),
  onError: z
    .custom<(error: unknown) => void>((value) => typeof value === "function", "expected a function")
    .default(() => (error: unknown) => console.error(error)),
});

/** The options of a service with their defaults. */
export type ServiceSettings = z.output<typeof serviceOptionsSchema>;
