import type { InteractionMatrix } from "@dmrec/core";
import type { IndexedInteractions } from "../../formats/indexed-interactions";
import { interactionMatrix } from "../../interactions/interaction-matrix";
import { firstRepeat } from "../../interactions/pair-order";
import type { WarningHandler } from "../data-warning";
import type { Identifiers } from "../parts-source";

/** The matrix of indexed interactions, with a warning where it has one more than once. */
export function indexedMatrix(
  interactions: IndexedInteractions,
  { userIds, itemIds }: Identifiers,
  onWarning: WarningHandler,
): InteractionMatrix {
  const { userCount, itemCount, users, items, source, locate } = interactions;
  const matrix = interactionMatrix({ userCount, itemCount, users, items });
  const count = users.length - matrix.items.length;
  const entry = count > 0 ? firstRepeat(interactions) : undefined;
  if (entry !== undefined) {
    const message = `user ${userIds[users[entry]]} has item ${itemIds[items[entry]]} more than once; kept once`;
    onWarning({ source, location: locate(entry), message, count });
  }
  return matrix;
}
