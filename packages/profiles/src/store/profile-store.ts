import type { Ledger } from "../calls/ledger";
import type { Profile } from "../profile";
import type { ProfileRecord } from "../profile-record";
import { ClaimTable } from "./claim-table";
import { EmbeddingTable } from "./embedding-table";
import type { Entity } from "./entity";
import { EntityTable } from "./entity-table";
import { ResultTable } from "./result-table";
import { StoreDatabase } from "./store-database";
import { StoreLedger } from "./store-ledger";

/**
 * Profiles and embeddings that were paid for: one embedded database (LMDB), keyed by the hash of everything that led to a
 * result. Results are written whole or not at all, also if the process is killed. Several processes can share a store.
 */
export class ProfileStore {
  readonly folder: string;
  readonly results: ResultTable;
  readonly entities: EntityTable;
  readonly claims: ClaimTable;
  readonly embeddings: EmbeddingTable;
  readonly ledger: Ledger;
  readonly #database: StoreDatabase;

  /** @internal Use {@link openProfileStore}. */
  constructor(database: StoreDatabase) {
    this.folder = database.folder;
    this.results = new ResultTable(database);
    this.entities = new EntityTable(database);
    this.claims = new ClaimTable(database, (key) => this.results.has(key));
    this.embeddings = new EmbeddingTable(database);
    this.ledger = new StoreLedger(database);
    this.#database = database;
  }

  /** The latest profiles of a collection, by identifier, including stale ones. */
  profiles(collection: string, entity: Entity["entity"]): Map<string, Profile> {
    const profiles = new Map<string, Profile>();
    for (const { id, key, imported } of this.entities.list(collection, entity)) {
      const profile = imported ?? (key === undefined ? undefined : this.results.get(key)?.profile);
      if (profile) profiles.set(id, profile);
    }
    return profiles;
  }

  /**
   * Keeps a result, unless its key has one, and makes it the entity's latest. It survives a kill when the promise resolves.
   * The claim on its key ends, also if saving fails, unless nothing can be written.
   *
   * @throws StoreError
   */
  async save(entity: Entity, key: string, record: ProfileRecord): Promise<void> {
    try {
      await this.#database.write(() => {
        this.results.put(key, record);
        this.claims.remove(key);
        this.entities.put(entity, key);
      });
    } catch (error) {
      await this.claims.release(key).catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Opens the store of a folder, and creates it if there is none.
 *
 * @example
 * const store = await openProfileStore("profile-store");
 * console.log(store.profiles("default", "item").size, store.ledger.spent());
 * await store.close();
 *
 * @throws StoreError if the folder cannot be used, or its file is truncated, damaged or something else.
 */
export async function openProfileStore(folder: string): Promise<ProfileStore> {
  const database = await StoreDatabase.open(folder);
  try {
    return new ProfileStore(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}
