import type { UserBatch } from "@dmrec/core";

/** The parts of a batch that know items by their index. */
type ItemIndices = Pick<UserBatch, "itemCount" | "items" | "sample" | "touched">;

/**
 * The batch with the rows of its items in place of the items, to read tables of items (`itemTable` of `@dmrec/core`), of which
 * a step is given some rows only. The same batch if the tables are whole.
 *
 * @example
 * const sums = embeddingBag(table, inItemTables(batch));
 */
export function inItemTables<Batch extends ItemIndices>(batch: Batch): Batch {
  const { touched, sample } = batch;
  if (!touched) return batch;
  const { rowCount, items, samples } = touched;
  return {
    ...batch,
    itemCount: rowCount,
    items,
    ...(sample && samples && { sample: { ...sample, items: samples } }),
  };
}
