import type { IdentifiedParts, LoadContext } from "../load-context";
import { loadGivenSplit } from "./given-split";
import { loadOwnSplit } from "./own-split";

/** Reads a folder's interactions, brings them to common indices, and splits them unless their files are a split. */
export function loadParts(context: LoadContext): Promise<IdentifiedParts> {
  const { interactions } = context.files;
  return interactions.kind === "split"
    ? loadGivenSplit(context, interactions)
    : loadOwnSplit(context, interactions.file);
}
