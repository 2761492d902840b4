import { canonicalHash } from "../canonical-hash";

/** A user or an item of a collection, whose profile is stored. */
export interface Entity {
  /** Separates several datasets in one store. */
  readonly collection: string;
  readonly kind: "item" | "user";
  readonly id: string;
}

/** Ends in a slash, which no hash has. */
export const entityPrefix = (collection: string, kind: Entity["kind"]) =>
  `${canonicalHash(collection)}/${kind}/`;

/** Hashed, because identifiers may be longer than LMDB's keys. */
export const entityKey = ({ collection, kind, id }: Entity) =>
  entityPrefix(collection, kind) + canonicalHash(id);
