import type { JSONObject } from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import { z } from "zod";
import { type CallOptions, callSchema, isPriced, missingPrices } from "../calls/call-options";
import type { Prices } from "../calls/prices";
import type { ProfileQueue } from "../make/queued/profile-queue";
import type { ProfileSchema } from "../profile";
import type { PromptTemplate } from "../prompts/prompt-template";
import type { ProfileStore } from "../store/profile-store";
import type { ProfileProgress } from "./profile-report";

export const runSchema = callSchema
  .extend({
    collection: z.string().min(1).default("default"),
    maxOutputTokens: z.int().positive().default(700),
    temperature: z.number().nonnegative().optional(),
    prices: z
      .strictObject({
        inputPerMillion: z.number().nonnegative(),
        outputPerMillion: z.number().nonnegative(),
      })
      .optional(),
    maxCost: z.number().nonnegative().optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(isPriced, missingPrices);

export type RunSettings = z.output<typeof runSchema>;

/** The options of a run that makes profiles. */
export interface RunOptions extends CallOptions {
  /**
   * The name under which the store keeps this dataset apart from others.
   *
   * @default "default"
   */
  readonly collection?: string | undefined;
  /**
   * The most calls in flight at a time.
   *
   * @default 8
   */
  readonly maxParallelCalls?: number | undefined;
  /**
   * The most further calls after replies that do not fit the schema.
   *
   * @default 2
   */
  readonly maxReasks?: number | undefined;
  /**
   * The most tokens of one reply. A truncated reply is requested once more with twice as many.
   *
   * @default 700
   */
  readonly maxOutputTokens?: number | undefined;
  /**
   * The temperature of the model.
   *
   * @default the provider's
   */
  readonly temperature?: number | undefined;
  /**
   * The prices of the service, in any currency.
   *
   * @default unknown, so that no cost is reported
   */
  readonly prices?: Prices | undefined;
  /**
   * The most that may be spent through this store, including earlier runs. Needs prices.
   *
   * @default no limit
   */
  readonly maxCost?: number | undefined;
  /**
   * Makes no call. The report has what is open, and an estimate of it.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
  /** Any language model of the AI SDK. */
  readonly model: LanguageModel;
  /** The store of the results, so that no profile is paid for twice. */
  readonly store: ProfileStore;
  /**
   * The instructions to the model.
   *
   * @default promptTemplates.neutral
   */
  readonly template?: PromptTemplate;
  /**
   * The schema of replies.
   *
   * @default profileSchema()
   */
  readonly schema?: ProfileSchema;
  /**
   * Options of the provider, as the AI SDK takes them.
   *
   * @default {}
   */
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
  /**
   * A queue whose workers make the calls, on this machine or others. They have limits of requests and tokens of their own.
   *
   * @default calls from this process
   */
  readonly queue?: ProfileQueue;
  /**
   * Keys and tokens to keep out of errors and stored replies, beyond those of the environment.
   *
   * @default []
   */
  readonly secrets?: readonly string[];
  /**
   * Stops the run: no further call begins, and those in flight complete and are kept.
   *
   * @default none
   */
  readonly abortSignal?: AbortSignal;
  /**
   * Called after each subject.
   *
   * @default none
   */
  readonly onProgress?: (progress: ProfileProgress) => void;
  /**
   * Called with each warning of the provider or of this package.
   *
   * @default a warning of Node.js
   */
  readonly onWarning?: (message: string) => void;
}
