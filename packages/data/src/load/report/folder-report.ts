import { basename } from "node:path";
import type { DataWarning } from "../data-warning";
import type { FileRecord } from "./file-record";

interface Entry {
  holds?: string;
  read?: string;
  readonly leftOut: string[];
}

/** Records what a load does with each file of a folder. */
export class FolderReport {
  readonly #entries = new Map<string, Entry>();

  /** Records that a file was read, and what of it was left out. */
  add(file: string, holds: string, read: string, leftOut: readonly string[] = []): void {
    const entry = this.#entryOf(file);
    entry.holds = holds;
    entry.read = read;
    entry.leftOut.unshift(...leftOut);
  }

  /** Records that a file was read for something more. */
  extend(file: string, read: string): void {
    const entry = this.#entryOf(file);
    entry.read = [entry.read, read].filter((text) => text !== undefined).join("; ");
  }

  /** Records why a file was not read. */
  skip(file: string, reason: string): void {
    this.#entryOf(file).read = reason;
  }

  /** The recorded reason why a file was not read. */
  reasonOf(file: string): string | undefined {
    const entry = this.#entries.get(basename(file));
    return entry?.holds === undefined ? entry?.read : undefined;
  }

  /** Records what a warning says is left out. */
  warned({ source, count, leftOut }: DataWarning): void {
    if (leftOut !== undefined) this.#entryOf(source).leftOut.push(`${formatCount(count)} ${leftOut}`);
  }

  /** The records of the files of a folder by name: those that were read, in the order of reading, then the others. */
  records(names: readonly string[]): FileRecord[] {
    const read = [...this.#entries].filter(([, { holds }]) => holds !== undefined).map(([file]) => file);
    const others = names.filter((name) => !read.includes(name));
    return [...read, ...others].map((file) => {
      const { holds, read: words, leftOut = [] }: Partial<Entry> = this.#entries.get(file) ?? {};
      return {
        file,
        ...(holds === undefined ? {} : { holds }),
        ...(words === undefined ? {} : { read: words }),
        ...(leftOut.length > 0 ? { leftOut: leftOut.join("; ") } : {}),
      };
    });
  }

  #entryOf(file: string): Entry {
    const name = basename(file);
    const entry = this.#entries.get(name) ?? { leftOut: [] };
    this.#entries.set(name, entry);
    return entry;
  }
}

/** A count for people: `100,836`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
