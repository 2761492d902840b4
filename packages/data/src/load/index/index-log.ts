import { InvalidDataError } from "@dmrec/core";
import type { InteractionEntries } from "../../interactions/interaction-entries";
import type { InteractionLog } from "../../interactions/interaction-log";
import type { Identifiers } from "../load-context";

/**
 * The events of a log as entries, by the indices of some identifiers.
 *
 * @throws InvalidDataError naming the first event whose user or item is not among them.
 */
export function indexLog(log: InteractionLog, { userIds, itemIds }: Identifiers): InteractionEntries {
  const { source, lines, timestamps } = log;
  const locate = (event: number) => `line ${lines[event]}`;
  const translate = (
    entity: "user" | "item",
    events: Int32Array,
    ids: readonly string[],
    allIds: readonly string[],
  ) => {
    const indexOf = new Map(allIds.map((id, index) => [id, index]));
    const indices = ids.map((id) => indexOf.get(id) ?? -1);
    return events.map((id, event) => {
      if (indices[id] >= 0) return indices[id];
      throw new InvalidDataError({
        source,
        location: locate(event),
        actual: `${entity} ${JSON.stringify(ids[id])}`,
        expected: `an identifier in the list of ${entity}s`,
      });
    });
  };
  return {
    source,
    userCount: userIds.length,
    itemCount: itemIds.length,
    users: translate("user", log.users, log.userIds, userIds),
    items: translate("item", log.items, log.itemIds, itemIds),
    timestamps,
    locate,
  };
}
