import type { JSONObject } from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import { z } from "zod";
import { callSchema, isPriced, missingPrices } from "../calls/call-options";
import type { ProfileQueue } from "../make/queued/profile-queue";
import type { ProfileSchema } from "../profile";
import type { PromptTemplate } from "../prompts/prompt-template";
import type { ProfileStore } from "../store/profile-store";
import type { ProfileProgress } from "./profile-report";

export const runSchema = callSchema
  .extend({
    /**
     * The name under which the store keeps this dataset apart from others.
     *
     * @default "default"
     */
    collection: z.string().min(1).default("default"),
    /**
     * The most tokens of one reply. A truncated reply is requested once more with twice as many.
     *
     * @default 700
     */
    maxOutputTokens: z.int().positive().default(700),
    /**
     * The temperature of the model.
     *
     * @default the provider's
     */
    temperature: z.number().nonnegative().optional(),
    /**
     * The prices of the service, in any currency.
     *
     * @default unknown, so that no cost is reported
     */
    prices: z
      .strictObject({
        inputPerMillion: z.number().nonnegative(),
        outputPerMillion: z.number().nonnegative(),
      })
      .optional(),
    /**
     * The most that may be spent through this store, including earlier runs. Needs prices.
     *
     * @default no limit
     */
    maxCost: z.number().nonnegative().optional(),
    /**
     * Makes no call. The report has what is open, and an estimate of it.
     *
     * @default false
     */
    dryRun: z.boolean().default(false),
  })
  .refine(isPriced, missingPrices);

export type RunSettings = z.output<typeof runSchema>;

export interface RunOptions extends z.input<typeof runSchema> {
  /** Any language model of the AI SDK. */
  readonly model: LanguageModel;
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
