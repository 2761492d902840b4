import { InvalidDataError } from "@dmrec/core";
import type { IndexedInteractions } from "../../formats/indexed-interactions";
import type { InteractionLog } from "../../formats/interaction-log";
import type { ProfileEmbeddingsFiles } from "../attach/find-profile-embeddings";

/** The interactions of a log by the indices of given identifiers. */
export function indexLog(
  log: InteractionLog,
  userIds: readonly string[],
  itemIds: readonly string[],
): IndexedInteractions {
  const translate = (what: string, ids: readonly string[], known: readonly string[], entries: Int32Array) => {
    const indices = new Map(known.map((id, index) => [id, index]));
    const translation = ids.map((id) => indices.get(id) ?? -1);
    return entries.map((entry, event) => {
      if (translation[entry] >= 0) return translation[entry];
      const actual = `${what} ${JSON.stringify(ids[entry])}`;
      const expected = `an identifier in the list of ${what}s`;
      throw new InvalidDataError({
        source: log.source,
        location: `line ${log.lines[event]}`,
        actual,
        expected,
      });
    });
  };
  return {
    source: log.source,
    userCount: userIds.length,
    itemCount: itemIds.length,
    users: translate("user", log.userIds, userIds, log.users),
    items: translate("item", log.itemIds, itemIds, log.items),
    locate: (entry) => `line ${log.lines[entry]}`,
  };
}

/** @throws InvalidDataError naming the first interaction whose user or item has no row in the embeddings. */
export function assertWithinEmbeddings(
  { source, users, items, locate }: IndexedInteractions,
  language: ProfileEmbeddingsFiles,
): void {
  const check = (what: "user" | "item", indices: Int32Array, rowCount: number, file: string) => {
    const entry = indices.findIndex((index) => index >= rowCount);
    if (entry < 0) return;
    throw new InvalidDataError({
      source,
      location: locate(entry),
      actual: `${what} ${indices[entry]}`,
      expected: `${what === "item" ? "an item" : "a user"} below ${rowCount}, the number of rows of ${file}`,
    });
  };
  check("user", users, language.users.rowCount, language.userFile);
  check("item", items, language.items.rowCount, language.itemFile);
}
