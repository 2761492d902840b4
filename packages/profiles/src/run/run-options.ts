import type { JSONObject } from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import { z } from "zod";
import type { ProfileSchema } from "../profile";
import type { PromptTemplate } from "../prompts/prompt-template";
import type { ProfileQueue } from "../queue/profile-queue";
import type { ProfileStore } from "../store/profile-store";
import type { ProfileProgress } from "./profile-report";

/** How calls of a model are made. */
export const callSchema = z.strictObject({
  /** Calls at a time. */
  concurrency: z.int().positive().default(8),
  requestsPerMinute: z.int().positive().optional(),
  /** Of texts and replies together, estimated before a call. */
  tokensPerMinute: z.int().positive().optional(),
  /** Seconds until a call is given up and made again; models of this package run in the process, for as long as they take. */
  timeout: z.number().positive().default(120),
  /** How often a call is made again where the service is not available. */
  maximumRetries: z.int().nonnegative().default(6),
  /** Seconds before the first retry, where the service asks for none or for less; doubled for each further one. */
  retryDelay: z.number().nonnegative().default(1),
  /** How often a model is asked again where its reply does not fit. */
  maximumReasks: z.int().nonnegative().default(2),
});

/** A ceiling on spending needs prices. */
export function isPriced({
  prices,
  maximumCost,
}: {
  readonly prices?: unknown;
  readonly maximumCost?: number | undefined;
}): boolean {
  return maximumCost === undefined || prices !== undefined;
}

export const unpriced = {
  error: "needs prices; without them nobody knows what a call costs",
  path: ["maximumCost"],
};

export const runSchema = callSchema
  .extend({
    /** Keeps several datasets apart in one store. */
    collection: z.string().min(1).default("default"),
    /** Of one reply; one that is cut is asked for once more with twice as many. */
    maximumOutputTokens: z.int().positive().default(700),
    temperature: z.number().nonnegative().optional(),
    /** What the service charges, in any currency. */
    prices: z
      .strictObject({
        inputPerMillion: z.number().nonnegative(),
        outputPerMillion: z.number().nonnegative(),
      })
      .optional(),
    /** The most that may be spent through this store, runs before included; needs prices. */
    maximumCost: z.number().nonnegative().optional(),
    /** Makes no call: the report says what is open and estimates it. */
    dryRun: z.boolean().default(false),
  })
  .refine(isPriced, unpriced);

export type RunSettings = z.output<typeof runSchema>;

export interface RunOptions extends z.input<typeof runSchema> {
  /** Any language model of the AI SDK. */
  readonly model: LanguageModel;
  readonly store: ProfileStore;
  /** Default: the neutral one of `promptTemplates`. */
  readonly template?: PromptTemplate;
  /** Default: `profileSchema()`. */
  readonly schema?: ProfileSchema;
  /** Options of the provider, as the AI SDK takes them. */
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
  /** Has workers, on this machine or others, make the calls; their limits of requests and tokens are their own. */
  readonly queue?: ProfileQueue;
  /** Keys and tokens beyond those of the environment, never to appear in errors and stored replies. */
  readonly secrets?: readonly string[];
  /** Stops the run: no further call begins, those in flight are brought to their end and kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProfileProgress) => void;
  /** Told of what the provider or this package warns of; printed as a Node warning where it is absent. */
  readonly onWarning?: (message: string) => void;
}

/** How warnings are told where a caller does not say. */
export function warnThroughNode(message: string): void {
  process.emitWarning(message, "DMRecWarning");
}
