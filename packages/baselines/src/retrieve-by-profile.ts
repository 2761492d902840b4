import {
  assertFiniteMatrix,
  assertShape,
  type ItemLists,
  type ProfileEmbeddings,
  parseOptions,
} from "@dmrec/core";
import { z } from "zod";
import { nearestItems } from "./nearest-items";
import { textTable } from "./profile-tables";

const optionsSchema = z.strictObject({ count: z.int().positive() });

/**
 * The `count` items of each user whose profile embeddings have the greatest cosines with the user's, the nearest first, for a
 * language model to choose among or to order. It takes time on large data, because it compares each user with each item.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if embeddings of users and items differ in width.
 * @throws InvalidDataError if a number is not finite.
 * @example
 * const retrieved = retrieveByProfile(data.profileEmbeddings, 30);
 */
export function retrieveByProfile({ users, items }: ProfileEmbeddings, count: number): ItemLists {
  const settings = parseOptions("retrieveByProfile", optionsSchema, { count });
  assertFiniteMatrix(items, "profileEmbeddings.items", "item");
  assertFiniteMatrix(users, "profileEmbeddings.users", "user");
  const { rowCount } = items;
  assertShape("the matrix of item embeddings", [rowCount, items.columnCount], [rowCount, users.columnCount]);
  return nearestItems({ users: textTable(users), items: textTable(items) }, settings.count);
}
