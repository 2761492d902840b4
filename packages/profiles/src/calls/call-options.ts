import { z } from "zod";

/** Options for the calls of a model, shared by runs, workers and embeddings. */
export interface CallOptions {
  /**
   * The most requests in a minute.
   *
   * @default no limit
   */
  readonly requestsPerMinute?: number | undefined;
  /**
   * The most tokens of prompts and replies in a minute, estimated before each call.
   *
   * @default no limit
   */
  readonly tokensPerMinute?: number | undefined;
  /**
   * Seconds before a call is given up and retried. Models that run in this process have no timeout.
   *
   * @default 120
   */
  readonly timeout?: number | undefined;
  /**
   * The most retries of a call while the service is unavailable.
   *
   * @default 6
   */
  readonly maxRetries?: number | undefined;
  /**
   * Seconds before the first retry, if the service does not ask for more. Doubled for each further one.
   *
   * @default 1
   */
  readonly retryDelay?: number | undefined;
}

/** The schema of {@link CallOptions} with the options that differ in their defaults or exist for some calls only. */
export const callSchema = z.strictObject({
  maxParallelCalls: z.int().positive().default(8),
  requestsPerMinute: z.int().positive().optional(),
  tokensPerMinute: z.int().positive().optional(),
  timeout: z.number().positive().default(120),
  maxRetries: z.int().nonnegative().default(6),
  retryDelay: z.number().nonnegative().default(1),
  maxReasks: z.int().nonnegative().default(2),
});

export type CallSettings = z.output<typeof callSchema>;

/** True unless there is a ceiling without prices. */
export function isPriced({
  prices,
  maxCost,
}: {
  readonly prices?: unknown;
  readonly maxCost?: number | undefined;
}): boolean {
  return maxCost === undefined || prices !== undefined;
}

/** The issue of a schema that is not {@link isPriced}. */
export const missingPrices = {
  error: "needs prices; without them the cost of a call is unknown",
  path: ["maxCost"],
};

/** The default of `onWarning`: a warning of Node.js. */
export function warnThroughNode(message: string): void {
  process.emitWarning(message, "DMRecWarning");
}
