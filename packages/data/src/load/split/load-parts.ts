import type { InteractionFiles } from "../discover/find-interactions";
import type { IdentifiedParts, LoadContext } from "../load-context";
import { loadGivenSplit } from "./given-split";
import { loadOwnSplit } from "./own-split";

/** Reads a folder's interactions, brings them to common indices, and splits them unless their files are a split. */
export function loadParts(context: LoadContext, interactions: InteractionFiles): Promise<IdentifiedParts> {
  return interactions.kind === "split"
    ? loadGivenSplit(context, interactions)
    : loadOwnSplit(context, interactions.file);
}
