import { z } from "zod";
import { itemColumnsSchema } from "./item-columns";

/**
 * The names in an exported recommender: the contract between the trainer, which writes the file, and serving, which
 * runs it.
 */
export const exportedModel = {
  format: "dmrec-recommender-2",
  inputs: {
    /** int32 `[users]`: indices of known users. Only in models that read the user's index. */
    users: "users",
    /** int32 `[users, interactions]`: indices of items. */
    items: "items",
    /** float32 `[users, interactions]`: weights, 0 where a row is shorter. */
    weights: "weights",
    /** float32 `[users, width]`. Only in models that read profiles. */
    profileEmbeddings: "profile_embeddings",
    /** int32 `[users, excluded]`: indices of further items to leave out, the number of items for none. */
    excluded: "excluded",
    /** int64 `[1]`: how many items to return. */
    count: "count",
    /**
     * float32 `[1]`: what is added to the scores of the user's items and of excluded ones, −∞ to leave them out, 0 to rank
     * them, too. Only in models without the output `scores`; others leave them out.
     */
    hiddenScore: "hidden_score",
    /** int32 `[filtered]`: different rows of users whose items are filtered, at least one. Only in models with columns of items. */
    filteredRows: "filtered_rows",
    /** bool `[filtered, items]`: true for items that such a row may get. Only in models with columns of items. */
    allowed: "allowed",
  },
  outputs: {
    /** float32 `[users, items]`. Not in models of so many items that these are ranked in blocks. */
    scores: "scores",
    /** int32 `[users, count]` */
    topItems: "top_items",
    /** float32 `[users, count]` */
    topScores: "top_scores",
  },
} as const;

/** The types in which an exported file may hold its large arrays. */
export const exportPrecisions = ["float32", "float16", "int8"] as const;

export type ExportPrecision = (typeof exportPrecisions)[number];

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});

/** The metadata of an exported recommender: text by key, values as JSON. */
export const exportedMetadataSchema = z.object({
  format: z.literal(exportedModel.format),
  model: z.string(),
  configuration: json,
  /** The type of the file's large arrays. Files without it are of float32. */
  precision: z.enum(exportPrecisions).default("float32"),
  reads: json.pipe(z.object({ interactions: z.boolean(), profile: z.boolean(), userIndex: z.boolean() })),
  items: json.pipe(z.object({ ids: z.array(z.string()), names: z.array(z.string()).optional() })),
  /** The columns of the items' table. Only in models whose inputs have a filter. */
  columns: json.pipe(itemColumnsSchema).optional(),
  /** Identifiers of the known users. Only for models that read the user's index. */
  users: json.pipe(z.object({ ids: z.array(z.string()) })).optional(),
});

export type ExportedMetadata = z.output<typeof exportedMetadataSchema>;
