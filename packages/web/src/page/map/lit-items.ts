import type { Rankings } from "../model/answers";

/** The strength of an item's light from each source, from 0 to 1. */
export interface Light {
  readonly clicks: number;
  readonly words: number;
  /** 1 for a recommendation of both. */
  readonly both: number;
  /** 1 for a picked item. */
  readonly picked: number;
}

export const dark: Light = { clicks: 0, words: 0, both: 0, picked: 0 };

/** The light of each item: the first of a ranking shines most, and the items of the list of both have a point in the middle. */
export function litItems(
  rankings: Rankings | undefined,
  picks: readonly number[],
  listLength: number,
): ReadonlyMap<number, Light> {
  const lights = new Map<number, Light>();
  const add = (item: number, part: Partial<Light>) =>
    lights.set(item, { ...(lights.get(item) ?? dark), ...part });
  for (const space of ["clicks", "words"] as const) {
    const items = rankings?.[space] ?? [];
    for (const [rank, item] of items.entries()) add(item, { [space]: (1 - rank / items.length) ** 1.5 });
  }
  for (const item of rankings?.both.slice(0, listLength) ?? []) add(item, { both: 1 });
  for (const item of picks) add(item, { picked: 1 });
  return lights;
}

/** Light on the way from one to another. */
export function lightBetween(from: Light, to: Light, share: number): Light {
  const between = (before: number, after: number) => before + share * (after - before);
  return {
    clicks: between(from.clicks, to.clicks),
    words: between(from.words, to.words),
    both: between(from.both, to.both),
    picked: between(from.picked, to.picked),
  };
}
