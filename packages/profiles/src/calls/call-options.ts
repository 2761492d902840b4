import { z } from "zod";

/** Options for the calls of a model, shared by runs, workers and embeddings. */
export const callSchema = z.strictObject({
  /**
   * The most calls in flight at a time.
   *
   * @default 8
   */
  maxParallelCalls: z.int().positive().default(8),
  /**
   * The most requests in a minute.
   *
   * @default no limit
   */
  requestsPerMinute: z.int().positive().optional(),
  /**
   * The most tokens of prompts and replies in a minute, estimated before each call.
   *
   * @default no limit
   */
  tokensPerMinute: z.int().positive().optional(),
  /**
   * Seconds before a call is given up and retried. Models that run in this process have no timeout.
   *
   * @default 120
   */
  timeout: z.number().positive().default(120),
  /**
   * The most retries of a call while the service is unavailable.
   *
   * @default 6
   */
  maxRetries: z.int().nonnegative().default(6),
  /**
   * Seconds before the first retry, if the service does not ask for more. Doubled for each further one.
   *
   * @default 1
   */
  retryDelay: z.number().nonnegative().default(1),
  /**
   * The most further calls after replies that do not fit the schema.
   *
   * @default 2
   */
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
