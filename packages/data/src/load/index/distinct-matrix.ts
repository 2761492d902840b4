import type { InteractionMatrix } from "@dmrec/core";
import { type InteractionEntries, placeOf } from "../../interactions/interaction-entries";
import { interactionMatrix } from "../../interactions/interaction-matrix";
import { firstRepeat } from "../../interactions/pair-order";
import type { WarningHandler } from "../data-warning";
import type { Identifiers } from "../load-context";

/** The matrix of entries as implicit feedback, with a warning if an interaction is there more than once. */
export function distinctMatrix(
  entries: InteractionEntries,
  { userIds, itemIds }: Identifiers,
  onWarning: WarningHandler,
): InteractionMatrix {
  const { users, items } = entries;
  const matrix = interactionMatrix({ ...entries, weights: undefined });
  const count = users.length - matrix.items.length;
  const entry = count > 0 ? firstRepeat(entries) : undefined;
  if (entry !== undefined) {
    const message = `user ${userIds[users[entry]]} has item ${itemIds[items[entry]]} more than once; kept once`;
    onWarning({ ...placeOf(entries, entry), message, count, leftOut: "repetitions" });
  }
  return matrix;
}
