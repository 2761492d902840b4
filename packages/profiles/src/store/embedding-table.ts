import type { Database } from "lmdb";
import type { StoreDatabase } from "./store-database";

/** Embeddings by the hash of model, options and text. */
export class EmbeddingTable {
  readonly #database: StoreDatabase;
  readonly #embeddings: Database<Buffer, string>;

  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#embeddings = database.byteTable("embeddings");
  }

  /** The embedding of a key. */
  get(key: string): Float32Array | undefined {
    const bytes = this.#database.read(() => this.#embeddings.get(key));
    if (bytes === undefined) return undefined;
    // Copied, because the bytes are unaligned and belong to the database.
    return new Float32Array(Uint8Array.from(bytes).buffer);
  }

  /** Keeps embeddings. They survive a kill when the promise resolves. */
  async save(entries: readonly (readonly [key: string, embedding: Float32Array])[]): Promise<void> {
    await this.#database.write(() => {
      for (const [key, { buffer, byteOffset, byteLength }] of entries)
        this.#embeddings.put(key, Buffer.from(buffer, byteOffset, byteLength));
    });
  }
}
