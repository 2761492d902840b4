import { basename } from "node:path";
import type { InteractionMatrix } from "@dmrec/core";
import { type InteractionEntries, placeOf } from "../../interactions/interaction-entries";
import { interactionMatrix, itemsOf } from "../../interactions/interaction-matrix";
import type { WarningHandler } from "../data-warning";
import type { Identifiers } from "../load-context";

/** A training part with its file. */
export interface TrainingPart {
  readonly source: string;
  readonly matrix: InteractionMatrix;
}

/** Warns of interactions of a held-out part that are also in the training part. */
export function reportOverlap(
  { source, matrix }: TrainingPart,
  heldOut: InteractionEntries,
  { userIds, itemIds }: Identifiers,
  onWarning: WarningHandler,
): void {
  const heldOutMatrix = interactionMatrix(heldOut);
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
  const message = `user ${userIds[user]} has item ${itemIds[item]} in ${basename(source)} too; a ranking without training items cannot contain it`;
  onWarning({ ...placeOf(heldOut, entry), message, count });
}
