import type { Database } from "lmdb";
import { z } from "zod";
import type { Profile } from "../profile";
import { profileValueSchema } from "../profile-record";
import { type Entity, entityKey, entityPrefix } from "./entity";
import type { StoreDatabase } from "./store-database";

const entitySchema = z.object({
  id: z.string(),
  /** The key of the latest result; absent if the profile was imported. */
  key: z.string().optional(),
  imported: profileValueSchema.optional(),
});
type EntityRecord = z.output<typeof entitySchema>;

/** The latest result, or the imported profile, of each user and item. */
export class EntityTable {
  readonly #database: StoreDatabase;
  readonly #entities: Database<unknown, string>;

  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#entities = database.table("entities");
  }

  /**
   * The key of an entity's latest result, or its imported profile.
   *
   * @throws StoreError
   */
  get(subject: Entity): Omit<EntityRecord, "id"> | undefined {
    const value = this.#database.read(() => this.#entities.get(entityKey(subject)));
    return value === undefined
      ? undefined
      : this.#database.parse(entitySchema, value, `${subject.entity} ${subject.id}`);
  }

  /** All entities of a collection. */
  list(collection: string, entity: Entity["entity"]): readonly EntityRecord[] {
    return this.#records(collection, entity).map(([, record]) => record);
  }

  /** Makes a result the latest of an entity. Within a write of the database. */
  put(entity: Entity, key: string): void {
    const record: EntityRecord = { id: entity.id, key };
    this.#entities.put(entityKey(entity), record);
  }

  /** Makes stored results the latest of some entities. */
  async point(entries: readonly (readonly [entity: Entity, key: string])[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#database.write(() => {
      for (const [entity, key] of entries) this.put(entity, key);
    });
  }

  /**
   * Imports profiles that were made elsewhere. No model is called for these entities, whatever their data, until
   * {@link EntityTable.forgetImported}.
   */
  async importProfiles(
    collection: string,
    entity: Entity["entity"],
    profiles: ReadonlyMap<string, Profile>,
  ): Promise<void> {
    await this.#database.write(() => {
      for (const [id, imported] of profiles)
        this.#entities.put(entityKey({ collection, entity, id }), { id, imported });
    });
  }

  /** Removes the imported profiles of a collection, and returns their number. */
  async forgetImported(collection: string, entity: Entity["entity"]): Promise<number> {
    const keys = this.#records(collection, entity).flatMap(([key, { imported }]) => (imported ? [key] : []));
    await this.#database.write(() => {
      for (const key of keys) this.#entities.remove(key);
    });
    return keys.length;
  }

  /** True if a collection has imported profiles. */
  hasImported(collection: string, entity: Entity["entity"]): boolean {
    return this.#database.read(() => {
      for (const { key, value } of this.#range(collection, entity))
        if (this.#database.parse(entitySchema, value, key).imported) return true;
      return false;
    });
  }

  #records(collection: string, entity: Entity["entity"]): (readonly [key: string, EntityRecord])[] {
    const entries = this.#database.read(() => [...this.#range(collection, entity)]);
    return entries.map(({ key, value }) => [key, this.#database.parse(entitySchema, value, key)]);
  }

  #range(collection: string, entity: Entity["entity"]) {
    const start = entityPrefix(collection, entity);
    // The character after the slash ends the range.
    return this.#entities.getRange({ start, end: `${start.slice(0, -1)}0` });
  }
}
