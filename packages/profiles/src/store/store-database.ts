import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, parseStored } from "@dmrec/core";
import type { Database, RootDatabase } from "lmdb";
import type { z } from "zod";
import { CommittedSize, databaseFile } from "./committed-size";
import { headerProblem } from "./database-header";
import { GroupCommit } from "./group-commit";
import { StoreError } from "./store-error";

const formatVersion = 1;
const formatKey = "formatVersion";

/** The database of a store (LMDB), with its failures as {@link StoreError}s. */
export class StoreDatabase {
  readonly folder: string;
  readonly #root: RootDatabase<unknown, string>;
  readonly #committedSize: CommittedSize;
  readonly #commits: GroupCommit;

  private constructor(folder: string, root: RootDatabase<unknown, string>, committedSize: CommittedSize) {
    this.folder = folder;
    this.#root = root;
    this.#committedSize = committedSize;
    this.#commits = new GroupCommit(root, () => committedSize.update(root));
  }

  /**
   * Opens the database of a folder, and creates it if there is none.
   *
   * @throws StoreError if the folder cannot be used, or its file is truncated, damaged or something else.
   */
  static async open(folder: string): Promise<StoreDatabase> {
    const expected = "expected a folder of its own, writable, new or made by this program";
    const { open } = await import("lmdb");
    let root: RootDatabase<unknown, string> | undefined;
    try {
      await mkdir(folder, { recursive: true });
      const committedSize = new CommittedSize(folder);
      const problem = committedSize.problem() ?? (await headerProblem(join(folder, databaseFile)));
      if (problem !== undefined) throw new StoreError(folder, `cannot be opened: ${databaseFile} ${problem}`);
      root = open({
        path: folder,
        // LMDB would take a folder with a dot in its name for a file.
        noSubdir: false,
        maxDbs: 8,
        overlappingSync: false,
        // Waits for the disk once a commit. A loss of power may undo the last commit, and harms nothing else.
        noMetaSync: true,
      });
      checkFormat(folder, root);
      return new StoreDatabase(folder, root, committedSize);
    } catch (cause) {
      await root?.close().catch(() => {});
      if (StoreError.isInstance(cause)) throw cause;
      throw new StoreError(folder, `cannot be opened (${causeMessage(cause)}); ${expected}`, { cause });
    }
  }

  /**
   * A table of JSON values.
   *
   * @throws StoreError
   */
  table(name: string): Database<unknown, string> {
    return this.read(() => this.#root.openDB({ name }));
  }

  /**
   * A table of bytes.
   *
   * @throws StoreError
   */
  byteTable(name: string): Database<Buffer, string> {
    return this.read(() => this.#root.openDB({ name, encoding: "binary" }));
  }

  /** @throws StoreError if `read` fails. */
  read<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      if (StoreError.isInstance(cause)) throw cause;
      throw new StoreError(this.folder, `could not be read (${causeMessage(cause)})`, { cause });
    }
  }

  /**
   * Does `work` in a transaction, together with other writes. Its effects survive a kill when the promise resolves.
   *
   * @throws StoreError
   */
  async write(work: () => void): Promise<void> {
    try {
      await this.#commits.write(work);
    } catch (cause) {
      if (StoreError.isInstance(cause)) throw cause;
      const message = `could not be written (${causeMessage(cause)}; is the disk full?); everything that was saved before is intact`;
      throw new StoreError(this.folder, message, { cause });
    }
  }

  /** @throws StoreError if the value of an entry does not fit the schema. */
  parse<Schema extends z.ZodType>(schema: Schema, value: unknown, entry: string): z.output<Schema> {
    try {
      return parseStored(schema, value);
    } catch (cause) {
      throw new StoreError(this.folder, `has a damaged entry, ${entry} (${causeMessage(cause)})`, { cause });
    }
  }

  async close(): Promise<void> {
    this.#commits.flush();
    this.#committedSize.update(this.#root);
    await this.#root.close();
  }
}

/** @throws StoreError if the database is of another format or program. */
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
