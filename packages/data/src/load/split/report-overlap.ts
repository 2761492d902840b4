import { basename } from "node:path";
import type { InteractionMatrix } from "@dmrec/core";
import type { IndexedInteractions } from "../../formats/indexed-interactions";
import { interactionMatrix, itemsOf } from "../../interactions/interaction-matrix";
import type { WarningHandler } from "../data-warning";
import type { Identifiers } from "../parts-source";

/** A training part with the file that it came from. */
export interface TrainingPart {
  readonly source: string;
  readonly matrix: InteractionMatrix;
}

/** Tells of interactions of a held-out part that are in the training part too. */
export function reportOverlap(
  { source, matrix }: TrainingPart,
  heldOut: IndexedInteractions,
  { userIds, itemIds }: Identifiers,
  onWarning: WarningHandler,
): void {
  const heldOutMatrix = interactionMatrix({
    userCount: heldOut.userCount,
    itemCount: heldOut.itemCount,
    users: heldOut.users,
    items: heldOut.items,
  });
  const trainedBy = new Int32Array(matrix.itemCount).fill(-1);
  let count = 0;
  let first: { readonly user: number; readonly item: number } | undefined;
  for (let user = 0; user < matrix.userCount; user += 1) {
    for (const item of itemsOf(matrix, user)) trainedBy[item] = user;
    for (const item of itemsOf(heldOutMatrix, user)) {
      if (trainedBy[item] !== user) continue;
      count += 1;
      first ??= { user, item };
    }
  }
  if (first === undefined) return;
  const { user, item } = first;
  const entry = heldOut.users.findIndex((other, index) => other === user && heldOut.items[index] === item);
  const message = `user ${userIds[user]} has item ${itemIds[item]} in ${basename(source)} too; a ranking that masks training items cannot find it`;
  onWarning({ source: heldOut.source, location: heldOut.locate(entry), message, count });
}
