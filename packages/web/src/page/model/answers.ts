import type { Space } from "../../content/page-content";

/** Items by index, best first, in each space that has something to say. */
export type Rankings = { readonly both: readonly number[] } & {
  readonly [space in Space]?: readonly number[];
};

/** Something that was said and speaks for an item. */
export type Reason =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "pick"; readonly item: number };

/** The reasons of each recommended item by index, the weightiest first. */
export type Reasons = ReadonlyMap<number, readonly Reason[]>;

export type ReasonsBySpace = { readonly [space in Space]?: Reasons };

/** A message of the model to the page. */
export type ModelMessage =
  | {
      readonly kind: "ranked";
      /** The number of the taste that is answered. */
      readonly request: number;
      readonly rankings: Rankings;
      /** The typed words that the model reads. */
      readonly knownWords: readonly string[];
    }
  | { readonly kind: "explained"; readonly request: number; readonly reasons: ReasonsBySpace }
  | { readonly kind: "failed"; readonly message: string };
