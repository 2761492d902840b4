import type { Recommender } from "@dmrec/core";
import { trainedArrays } from "../trained-arrays";
import type { AdamSettings } from "./adam";

/** The full names of the tables of items whose rows are updated when a step touches them. */
export function tableNames(recommender: Recommender, { rowWise }: Pick<AdamSettings, "rowWise">): string[] {
  if (!rowWise) return [];
  return [...trainedArrays(recommender)].flatMap(([name, { rows }]) => (rows === "items" ? [name] : []));
}
