import type { ItemLists, TrainingInteractions } from "@dmrec/core";

/** The lists as a graph that models propagate over: every entry is an interaction of weight 1. */
export function listedInteractions(lists: ItemLists, itemCount: number): TrainingInteractions {
  const sorted = lists.map((items) => Int32Array.from(items).sort());
  const offsets = new Int32Array(lists.length + 1);
  sorted.forEach((items, user) => {
    offsets[user + 1] = offsets[user] + items.length;
  });
  const items = new Int32Array(offsets[lists.length]);
  sorted.forEach((own, user) => {
    items.set(own, offsets[user]);
  });
  const weights = new Float32Array(items.length).fill(1);
  return { part: "train", userCount: lists.length, itemCount, offsets, items, weights };
}
