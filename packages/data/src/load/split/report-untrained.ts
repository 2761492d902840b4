import { type InteractionMatrix, itemPopularity } from "@dmrec/core";
import { interactionCount, itemsOf } from "../../interactions/interaction-matrix";
import type { WarningHandler } from "../data-warning";
import type { IdentifiedParts } from "../load-context";

/** Warns of users and items without training interactions: those that only held-out parts have, and those without any. */
export function reportUntrained(parts: IdentifiedParts, onWarning: WarningHandler): void {
  const { source, train, validation, test, userIds, itemIds } = parts;
  const heldOut = [validation, test].filter((part) => interactionCount(part) > 0);
  const activity = (part: InteractionMatrix) =>
    Int32Array.from(userIds, (_, user) => itemsOf(part, user).length);

  for (const [what, ids, countsOf] of [
    ["user", userIds, activity],
    ["item", itemIds, itemPopularity],
  ] as const) {
    const [trained, ...others] = [train, ...heldOut].map((part) => countsOf(part));
    const report = (message: string, isOdd: (isHeldOut: boolean) => boolean) => {
      const isReported = (count: number, index: number) =>
        count === 0 && isOdd(others.some((counts) => counts[index] > 0));
      const first = trained.findIndex(isReported);
      const count = trained.filter(isReported).length;
      if (count > 0) onWarning({ source, location: `${what} ${ids[first]}`, message, count });
    };
    const remedy = `only a profile can describe this ${what}`;
    report(`no training interactions, but held-out ones; ${remedy}`, (isHeldOut) => isHeldOut);
    report(`no interactions in any part; ${remedy}`, (isHeldOut) => !isHeldOut);
  }
}
