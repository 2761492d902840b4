import { interactionWeightSchema, itemFilterSchema } from "@dmrec/core";
import { z } from "@hono/zod-openapi";
import type { ServiceSettings } from "./service-options";

const itemId = z.string().openapi({ example: "item-3" });

const weightedItem = z.strictObject({
  itemId,
  weight: interactionWeightSchema.describe("1 for implicit feedback"),
});

/** The schemas of requests, within the limits of a service. */
export function requestSchemas({ maxCount, maxBatch }: Pick<ServiceSettings, "maxCount" | "maxBatch">) {
  const request = z
    .strictObject({
      userId: z.string().optional().openapi({ description: "A user of the data", example: "user-17" }),
      interactions: z
        .array(
          z.union([itemId, weightedItem], {
            error: "expected an item's identifier, or { itemId, weight } with a weight above 0",
          }),
        )
        .max(10_000)
        .optional()
        .openapi({
          description: "The items of someone who need not be in the data. They are not recommended.",
        }),
      text: z
        .string()
        .max(20_000)
        .regex(/\S/, "expected some words")
        .optional()
        .openapi({ description: "A description of someone who need not be in the data" }),
      count: z.int().positive().max(maxCount).default(10).openapi({ description: "How many items" }),
      exclude: z
        .array(itemId)
        .max(100_000)
        .default([])
        .openapi({ description: "Further items to leave out" }),
      filter: itemFilterSchema.optional().openapi({
        description:
          "Conditions on columns of the items, all of which an item has to meet: one of some texts or numbers, or a range of numbers with both ends. GET /health lists the columns. If fewer items meet them than count, there are fewer.",
        example: { genres: ["Comedy", "Drama"], year: { from: 1990, to: 1999 } },
      }),
      reasons: z.int().min(0).max(10).default(0).openapi({
        description: "How many of the user's items to name for each answer, those that weigh most",
      }),
      popularityPenalty: z.number().min(0).max(1).default(0.5).openapi({
        description: "For a text: 0 ranks popular items first, 1 lets popularity count for nothing",
      }),
    })
    .refine(
      ({ userId, interactions, text }) =>
        (userId === undefined) !== (interactions === undefined && text === undefined),
      "expected userId, or interactions, text or both",
    )
    .openapi("RecommendationRequest");
  const batch = z
    .strictObject({ requests: z.array(request).min(1).max(maxBatch) })
    .openapi("RecommendationRequests");
  return { request, batch };
}

/** A request after its check. */
export type RecommendationRequest = z.output<ReturnType<typeof requestSchemas>["request"]>;

const name = z.string().openapi({ example: "The Drowned Captain" });

const items = z.array(
  z.object({
    itemId,
    name,
    score: z.number(),
    reasons: z
      .array(z.object({ itemId, name, weight: z.number() }))
      .optional()
      .openapi({ description: "Items of the user, and how far the score falls without each" }),
  }),
);

export const answerSchema = z
  .object({ model: z.string().openapi({ example: "mult-vae+mddm" }), items })
  .openapi("Recommendations");

export const answersSchema = z
  .object({ model: z.string(), results: z.array(z.object({ items })) })
  .openapi("RecommendationsOfAll");

export const healthSchema = z
  .object({
    status: z.enum(["ok", "failing", "stopping"]).openapi({
      description: "failing: ONNX Runtime failed in the last call of the model",
    }),
    model: z.string(),
    items: z.int(),
    answersUsers: z.boolean(),
    answersTexts: z.boolean(),
    columns: z.record(z.string(), z.enum(["texts", "numbers"])).openapi({
      description: "Columns of the items to filter by, and what they hold",
      example: { genres: "texts", year: "numbers" },
    }),
  })
  .openapi("Health");

export const refusalSchema = z
  .object({ error: z.string().openapi({ description: "What was wrong, and what was expected" }) })
  .openapi("Refusal");
