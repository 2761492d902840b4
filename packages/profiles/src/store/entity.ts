import { canonicalHash } from "../canonical-hash";

/** A user or an item of a collection, whose profile is stored. */
export interface Entity {
  /** Separates several datasets in one store. */
  readonly collection: string;
  readonly entity: "item" | "user";
  /** The identifier of the user or item. */
  readonly id: string;
}

/** Ends in a slash, which no hash has. */
export const entityPrefix = (collection: string, entity: Entity["entity"]) =>
  `${canonicalHash(collection)}/${entity}/`;

/** Hashed, because identifiers may be longer than LMDB's keys. */
export const entityKey = ({ collection, entity, id }: Entity) =>
  entityPrefix(collection, entity) + canonicalHash(id);
