/** A description of a user or an item, or the statement that the data does not suffice for one. */
export type Profile =
  | { readonly status: "ok"; readonly summary: string; readonly reasoning: string }
  | { readonly status: "insufficient"; readonly reasoning: string };
