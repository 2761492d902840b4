import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { z } from "zod";
import { canonicalHash } from "../canonical-hash";
import type { Profile } from "../profile";
import { databaseFileProblem } from "./check-database-file";
import { claimSchema, isOwn, ownClaim, stands } from "./claim";
import { GroupCommit } from "./group-commit";
import { type ProfileRecord, profileRecordSchema, profileValueSchema } from "./profile-record";
import { StoreError } from "./store-error";

const formatVersion = 1;

/** Whose profile: a user or an item of a collection. */
export interface Entity {
  /** Keeps several datasets apart in one store. */
  readonly collection: string;
  readonly kind: "item" | "user";
  readonly id: string;
}

const entitySchema = z.object({
  id: z.string(),
  /** The key of the latest result; absent where the profile was imported. */
  key: z.string().optional(),
  imported: profileValueSchema.optional(),
});
type EntityRecord = z.output<typeof entitySchema>;

/**
 * Profiles and embeddings that were paid for: one embedded database (LMDB), keyed by the hash of everything that led to a
 * result. A result is there whole or not at all, whenever the process dies; several processes may use the store at once.
 */
export class ProfileStore {
  readonly folder: string;
  readonly #root: RootDatabase<unknown, string>;
  readonly #commits: GroupCommit;
  readonly #ledger: Database<unknown, string>;
  readonly #results: Database<unknown, string>;
  readonly #entities: Database<unknown, string>;
  readonly #claims: Database<unknown, string>;
  readonly #embeddings: Database<Buffer, string>;

  /** @internal Use {@link openProfileStore}. */
  constructor(folder: string, root: RootDatabase<unknown, string>) {
    this.folder = folder;
    this.#root = root;
    this.#commits = new GroupCommit(root);
    this.#ledger = root.openDB({ name: "ledger" });
    this.#results = root.openDB({ name: "results" });
    this.#entities = root.openDB({ name: "entities" });
    this.#claims = root.openDB({ name: "claims" });
    this.#embeddings = root.openDB({ name: "embeddings", encoding: "binary" });
  }

  /** The result of a key, if it was paid for. */
  result(key: string): ProfileRecord | undefined {
    const value = this.#read(() => this.#results.get(key));
    return value === undefined ? undefined : this.#parse(profileRecordSchema, value, `result ${key}`);
  }

  /** The key of an entity's latest result, or its imported profile. */
  entity(entity: Entity): Omit<EntityRecord, "id"> | undefined {
    const value = this.#read(() => this.#entities.get(entityKey(entity)));
    return value === undefined ? undefined : this.#parse(entitySchema, value, `${entity.kind} ${entity.id}`);
  }

  /**
   * Keeps a result, unless its key has one, and makes it the entity's latest. Survives a kill when the promise resolves.
   * Ends the claim of its key, also where it fails, unless nothing can be written at all.
   */
  async save(entity: Entity, key: string, record: ProfileRecord): Promise<void> {
    const pointer: EntityRecord = { id: entity.id, key };
    try {
      await this.#write(() => {
        if (!this.#results.doesExist(key)) this.#results.put(key, record);
        this.#claims.remove(key);
        this.#entities.put(entityKey(entity), pointer);
      });
    } catch (error) {
      await this.release(key).catch(() => {});
      throw error;
    }
  }

  /**
   * Sets the making of a result aside for the caller, so that no two processes pay for it; false where a living process has
   * it, or the result is there. {@link ProfileStore.save} or {@link ProfileStore.release} ends the claim;
   * without {@link ProfileStore.renew} it ends by itself.
   */
  async claim(key: string): Promise<boolean> {
    const isFree = () => {
      // One that cannot be read, as of an earlier version, does not stand.
      const claim = claimSchema.safeParse(this.#claims.get(key));
      if (claim.success && stands(claim.data)) return false;
      return !this.#results.doesExist(key);
    };
    // To look first is cheap, and done often by those who wait.
    if (!this.#read(isFree)) return false;
    let claimed = false;
    await this.#write(() => {
      claimed = isFree();
      if (claimed) this.#claims.put(key, ownClaim());
    });
    return claimed;
  }

  /** Prolongs a claim of this process. */
  async renew(key: string): Promise<void> {
    await this.#write(() => {
      if (this.#isOwnClaim(key)) this.#claims.put(key, ownClaim());
    });
  }

  /** Gives a claim of this process up without a result. */
  async release(key: string): Promise<void> {
    await this.#write(() => {
      if (this.#isOwnClaim(key)) this.#claims.remove(key);
    });
  }

  /** Makes a result that is there the latest of some entities. */
  async point(entries: readonly (readonly [Entity, string])[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#write(() => {
      for (const [entity, key] of entries) this.#entities.put(entityKey(entity), { id: entity.id, key });
    });
  }

  /**
   * Takes over profiles that were made elsewhere. They count as what they are: no model is asked again for these entities,
   * whatever their inputs, until {@link ProfileStore.forgetImported}.
   */
  async importProfiles(
    collection: string,
    kind: Entity["kind"],
    profiles: ReadonlyMap<string, Profile>,
  ): Promise<void> {
    await this.#write(() => {
      for (const [id, imported] of profiles)
        this.#entities.put(entityKey({ collection, kind, id }), { id, imported });
    });
  }

  /** Drops the imported profiles of a collection; returns how many there were. */
  async forgetImported(collection: string, kind: Entity["kind"]): Promise<number> {
    const keys = this.#entityRecords(collection, kind).flatMap(([key, record]) =>
      record.imported ? [key] : [],
    );
    await this.#write(() => {
      for (const key of keys) this.#entities.remove(key);
    });
    return keys.length;
  }

  /** Whether there are imported profiles in a collection. */
  hasImported(collection: string, kind: Entity["kind"]): boolean {
    return this.#read(() => {
      for (const { key, value } of this.#entityRange(collection, kind))
        if (this.#parse(entitySchema, value, key).imported) return true;
      return false;
    });
  }

  /** The latest profiles of a collection, by identifier, those included whose inputs have changed since. */
  profiles(collection: string, kind: Entity["kind"]): Map<string, Profile> {
    const profiles = new Map<string, Profile>();
    for (const [, { id, key, imported }] of this.#entityRecords(collection, kind)) {
      const profile = imported ?? (key === undefined ? undefined : this.result(key)?.profile);
      if (profile) profiles.set(id, profile);
    }
    return profiles;
  }

  /** The embedding of a key. */
  embedding(key: string): Float32Array | undefined {
    const bytes = this.#read(() => this.#embeddings.get(key));
    if (bytes === undefined) return undefined;
    // Copied, for the bytes lie anywhere and belong to the database.
    return new Float32Array(Uint8Array.from(bytes).buffer);
  }

  /** Keeps embeddings; they survive a kill when the promise resolves. */
  async saveEmbeddings(entries: readonly (readonly [string, Float32Array])[]): Promise<void> {
    await this.#write(() => {
      for (const [key, { buffer, byteOffset, byteLength }] of entries)
        this.#embeddings.put(key, Buffer.from(buffer, byteOffset, byteLength));
    });
  }

  /** What was paid through this store, in the currency of the prices, by all runs and processes. */
  spent(): number {
    const spent = this.#read(() => this.#ledger.get("spent"));
    return spent === undefined ? 0 : this.#parse(z.number(), spent, "what was spent");
  }

  /**
   * Counts the most that a call may cost before it is made; false, and nothing counted, where that would pass the ceiling.
   * A call that dies with its process stays counted: the ceiling holds whatever happens.
   */
  async reserve(amount: number, ceiling = Number.POSITIVE_INFINITY): Promise<boolean> {
    let reserved = false;
    await this.#write(() => {
      reserved = this.spent() + amount <= ceiling;
      if (reserved) this.#ledger.put("spent", this.spent() + amount);
    });
    return reserved;
  }

  /** Corrects a reservation to what the call did cost. */
  async settle(reserved: number, actual: number): Promise<void> {
    await this.#write(() => {
      this.#ledger.put("spent", Math.max(0, this.spent() + actual - reserved));
    });
  }

  async close(): Promise<void> {
    this.#commits.flush();
    await this.#root.close();
  }

  /** False where another process has taken over what this one had claimed. */
  #isOwnClaim(key: string): boolean {
    const claim = this.#claims.get(key);
    return claim !== undefined && isOwn(this.#parse(claimSchema, claim, `claim ${key}`));
  }

  #entityRecords(collection: string, kind: Entity["kind"]): (readonly [string, EntityRecord])[] {
    const entries = this.#read(() => [...this.#entityRange(collection, kind)]);
    return entries.map(({ key, value }) => [key, this.#parse(entitySchema, value, key)]);
  }

  #entityRange(collection: string, kind: Entity["kind"]) {
    const start = entityPrefix(collection, kind);
    // The character after the prefix's last one ends the range.
    return this.#entities.getRange({ start, end: `${start.slice(0, -1)}0` });
  }

  #read<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      throw new StoreError(this.folder, `could not be read (${reasonOf(cause)})`, { cause });
    }
  }

  async #write(work: () => void): Promise<void> {
    try {
      await this.#commits.write(work);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const message = `could not be written (${reasonOf(cause)}; is the disk full?); everything that was saved before is intact`;
      throw new StoreError(this.folder, message, { cause });
    }
  }

  #parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new StoreError(this.folder, `has a damaged entry, ${what}: ${z.prettifyError(parsed.error)}`);
  }
}

/**
 * Opens a store, and makes it where the folder has none.
 *
 * @throws StoreError where the folder cannot be used, or holds a file that was cut, is damaged or is something else.
 */
export async function openProfileStore(folder: string): Promise<ProfileStore> {
  const expected = "expected a folder of its own, writable, new or made by this program";
  let root: RootDatabase<unknown, string> | undefined;
  try {
    await mkdir(folder, { recursive: true });
    const problem = await databaseFileProblem(join(folder, databaseFile));
    if (problem !== undefined) throw new StoreError(folder, `cannot be opened: ${databaseFile} ${problem}`);
    root = open({
      path: folder,
      // Else a folder with a dot in its name would be taken for a file.
      noSubdir: false,
      maxDbs: 8,
      overlappingSync: false,
      // One wait for the disk a commit, not two: a loss of power may undo the last one, and harms nothing else.
      noMetaSync: true,
    });
    checkFormat(folder, root);
    return new ProfileStore(folder, root);
  } catch (cause) {
    await root?.close().catch(() => {});
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(folder, `cannot be opened (${reasonOf(cause)}); ${expected}`, { cause });
  }
}

function checkFormat(folder: string, root: RootDatabase<unknown, string>): void {
  const version = root.get(formatKey);
  if (version === formatVersion) return;
  if (version !== undefined) {
    const message = `is of format ${String(version)}; this program reads format ${formatVersion}`;
    throw new StoreError(folder, message);
  }
  const [foreign] = root.getKeys({ limit: 1 });
  if (foreign !== undefined) {
    const message = `is the database of another program (it has the key ${JSON.stringify(String(foreign))}); expected a folder of its own`;
    throw new StoreError(folder, message);
  }
  root.putSync(formatKey, formatVersion);
}

const databaseFile = "data.mdb";
const formatKey = "formatVersion";

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/** Ends in a slash, which no hash has. */
const entityPrefix = (collection: string, kind: Entity["kind"]) => `${canonicalHash(collection)}/${kind}/`;

/** Hashed, for identifiers may be longer than LMDB's keys. */
const entityKey = ({ collection, kind, id }: Entity) => entityPrefix(collection, kind) + canonicalHash(id);
