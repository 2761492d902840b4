import type { JSONObject } from "@ai-sdk/provider";
import { z } from "zod";
import type { ProfileEstimate } from "../run/profile-report";
import { callSchema, isPriced, unpriced } from "../run/run-options";
import type { ProfileStore } from "../store/profile-store";
import { missingPolicies } from "./missing-rows";

export const optionsSchema = callSchema
  .omit({ maximumReasks: true })
  .extend({
    /** What becomes of a row without a text. */
    missing: z.enum(missingPolicies).default("error"),
    /** The width that the embeddings must have; without it, that of most. */
    width: z.int().positive().optional(),
    /** Put before each text: the instruction that some models are trained with, such as `passage: `. */
    prefix: z.string().default(""),
    /** Fewer where the model takes no more. */
    maximumValuesPerCall: z.int().positive().default(96),
    /** Estimated; a longer text goes alone. */
    maximumTokensPerCall: z.int().positive().default(8000),
    /** Calls at a time; one where the model allows no more. */
    concurrency: z.int().positive().default(4),
    /** What the service charges, in any currency. */
    prices: z
      .strictObject({
        inputPerMillion: z.number().nonnegative(),
        /** Not used, for embeddings have no replies: the prices of a language model are taken too. */
        outputPerMillion: z.number().nonnegative().optional(),
      })
      .optional(),
    /** The most that may be spent through the store, runs before included; needs prices and a store. */
    maximumCost: z.number().nonnegative().optional(),
    /**
     * Makes no call: the report estimates what is open. The embeddings have their rows and no columns, and are of no use:
     * do not give them to a model.
     */
    dryRun: z.boolean().default(false),
  })
  .refine(isPriced, unpriced);

export type EmbeddingSettings = z.output<typeof optionsSchema>;

export interface EmbeddingOptions extends z.input<typeof optionsSchema> {
  /** Keeps what was embedded, so that no text is embedded twice by one model, whatever interrupts a run, and what it cost. */
  readonly store?: ProfileStore;
  /** Options of the provider, as the AI SDK takes them, e.g. `{ openai: { dimensions: 512 } }`. */
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
  /** Keys and tokens beyond those of the environment, never to appear in errors. */
  readonly secrets?: readonly string[];
  /** Stops the run: no further call begins, and the results of those in flight are kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EmbeddingProgress) => void;
}

export interface EmbeddingProgress {
  /** Distinct texts that have their embedding. */
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

export interface EmbeddingReport {
  readonly rows: number;
  /** Rows without a text, filled as `missing` says. */
  readonly missing: number;
  /** Distinct texts that were embedded now. */
  readonly embedded: number;
  /** Distinct texts whose embedding the store had. */
  readonly fromStore: number;
  /** Of those embedded now: how many the model saw the beginning of alone, where it says so. */
  readonly truncated: number;
  readonly calls: number;
  /** As the service counts them; 0 where it does not. */
  readonly tokens: number;
  /**
   * Of this run, where prices are given. A call whose tokens the service does not tell, or that failed without its answer,
   * counts as the most that it may have cost, with a store and without.
   */
  readonly cost: number | undefined;
  readonly seconds: number;
  /** What the calls that are still open, as they all are in a dry run, would take, about. */
  readonly estimate: ProfileEstimate;
}
