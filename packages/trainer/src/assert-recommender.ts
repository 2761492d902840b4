import { invalidOption, parseOptions, type Recommender } from "@dmrec/core";
import { z } from "zod";
import { trainedArrays } from "./trained-arrays";

const isFunction = (value: unknown) => typeof value === "function";
const count = z.int().positive();

const itemSampling = z.object({ count, proposal: z.enum(["log-uniform", "popularity"]) });

/** The required parts of a description, which may have further ones. */
const recommenderSchema = z.object({
  name: z.string().nonempty(),
  configuration: z.record(
    z.string(),
    z.unknown(),
    "expected everything that the model was made from, as JSON",
  ),
  itemCount: count,
  userCount: count.optional(),
  profileWidth: count.optional(),
  reads: z.object({ interactions: z.boolean(), profile: z.boolean(), userIndex: z.boolean() }),
  examples: z.union(
    [
      z.object({ kind: z.literal("users"), sampledItems: itemSampling.optional() }),
      z.object({ kind: z.literal("pairs"), negatives: count }),
    ],
    'expected { kind: "users" }, or { kind: "pairs", negatives }',
  ),
  parameters: z.custom(
    (value) => typeof value === "object" && value !== null,
    "expected a tree of arrays, such as { items: parameter(shape, values) }",
  ),
  loss: z.custom(isFunction, "expected a function"),
  prepare: z.custom(isFunction, "expected a function").optional(),
  scores: z.custom(isFunction, "expected a function"),
});

/**
 * Checks the description of a model, which may be the caller's own.
 *
 * @param call The function that was called.
 * @throws InvalidOptionsError naming what is missing or wrong.
 */
export function assertRecommender(call: string, recommender: Recommender): void {
  parseOptions(call, z.object({ recommender: recommenderSchema }), { recommender });
  const { examples, itemCount } = recommender;
  for (const [name, { rows, shape }] of trainedArrays(recommender)) {
    if (rows !== "items" || (shape[0] === itemCount && examples.kind === "users")) continue;
    const message = `a table of items of the shape [${shape.join(", ")}]; expected a row for each of ${itemCount} items, and examples of the kind "users"`;
    throw invalidOption(`${call}.recommender.parameters.${name}`, message);
  }
}
