import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** LMDB's layout: every page begins with such a header, then come what its kind has; all offsets are bytes. */
const headerLength = 24;
/** The two meta pages, one for each of the last two transactions; `freeRoot` and `mainRoot` are pages. */
const meta = {
  magic: 24,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
  length: 160,
};
const magic = 0xbeefc0de;
/** In the header of a page of a tree; `lower` is where the offsets of its nodes end, which follow. */
const header = { flags: 18, lower: 20 };
const pageFlag = { branch: 0x01, leaf: 0x02 };
/** Of a node: the low and high parts of a number, its flags and the length of its key, which follows. */
const node = { low: 0, middle: 2, flags: 4, keyLength: 6, key: 8 };
const nodeFlag = { isLarge: 0x01, isTree: 0x02 };
/** Where the record of a tree within a tree has its root. */
const rootInRecord = 40;
const noPage = 0xffffffffffffffffn;
/** Milliseconds for another process to write the first pages of a new file, or to leave a file as it is for one look. */
const patience = { newFile: 500, busyFile: 5000 };

/**
 * What keeps a file from being an LMDB database, in words; `undefined` where nothing does or there is none.
 *
 * LMDB maps its file into memory and trusts it: a file that was cut would end the process with a signal, not an error.
 */
export async function databaseFileProblem(path: string, waits = patience): Promise<string | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    for (const started = performance.now(); ; await sleep(20)) {
      const waited = performance.now() - started;
      const metaPages = await readMetaPages(file);
      const [first, second] = metaPages;
      if (first.length >= meta.length && first.readUInt32LE(meta.magic) !== magic)
        return "is no LMDB database";
      if (second.length < meta.length) {
        if (waited < waits.newFile) continue;
        const { size } = await file.stat();
        return `was cut: it has ${size} bytes, less than the two pages that it begins with`;
      }
      const problem = await problemOf(file, first, second);
      if (problem === undefined) return undefined;
      // Another process may have written over what was just looked at.
      const isStill = Buffer.concat(await readMetaPages(file)).equals(Buffer.concat(metaPages));
      if (isStill) return problem;
      if (waited >= waits.busyFile)
        return `${problem}, or is written too fast to be looked at; try again when no other process writes`;
    }
  } finally {
    await file.close();
  }
}

/** Both, as far as they are there. */
async function readMetaPages(file: FileHandle): Promise<[Buffer, Buffer]> {
  const first = await readAt(file, 0, meta.length);
  const pageSize = first.length < meta.length ? 0 : first.readUInt32LE(meta.pageSize);
  return [first, pageSize === 0 ? Buffer.alloc(0) : await readAt(file, pageSize, meta.length)];
}

function laterOf(first: Buffer, second: Buffer): Buffer {
  const transaction = (page: Buffer) => page.readBigUInt64LE(meta.transaction);
  return transaction(second) > transaction(first) ? second : first;
}

async function problemOf(file: FileHandle, first: Buffer, second: Buffer): Promise<string | undefined> {
  if (second.readUInt32LE(meta.magic) !== magic) return "is damaged in its second page";
  const latest = laterOf(first, second);
  const { size } = await file.stat();
  const pageSize = latest.readUInt32LE(meta.pageSize);
  const counted = (Number(latest.readBigUInt64LE(meta.lastPage)) + 1) * pageSize;
  if (size >= counted) return undefined;
  // LMDB counts free pages at the end that it never wrote: the file is whole where nothing else is missing.
  const roots = [meta.freeRoot, meta.mainRoot].map((root) => latest.readBigUInt64LE(root));
  try {
    for await (const end of endsOfPages(file, roots, pageSize))
      if (end > size) return `was cut: it has ${size} bytes, and ${counted} were written`;
  } catch (error) {
    // An offset that leads out of its page.
    if (error instanceof RangeError) return "is damaged: its pages hold what they cannot hold";
    throw error;
  }
  return undefined;
}

/**
 * Where the pages that some trees use end in the file; none is read before its end was given.
 *
 * @throws RangeError where they are damaged.
 */
async function* endsOfPages(
  file: FileHandle,
  roots: readonly bigint[],
  pageSize: number,
): AsyncGenerator<number> {
  const pending = [...roots];
  const seen = new Set<bigint>();
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (number === noPage) continue;
    // Else a circle of pages would never end.
    if (seen.has(number)) throw new RangeError(`page ${number} is there twice`);
    seen.add(number);
    const start = Number(number) * pageSize;
    yield start + pageSize;
    const page = await readAt(file, start, pageSize);
    const flags = page.readUInt16LE(header.flags);
    if ((flags & (pageFlag.branch | pageFlag.leaf)) === 0) continue; // Damaged, as LMDB will say.
    const nodes = page.readUInt16LE(header.lower) / 2;
    for (let index = 0; index < nodes; index += 1) {
      const at = headerLength + page.readUInt16LE(headerLength + 2 * index);
      const nodeFlags = page.readUInt16LE(at + node.flags);
      const low = page.readUInt16LE(at + node.low) + page.readUInt16LE(at + node.middle) * 2 ** 16;
      if (flags & pageFlag.branch) {
        pending.push(BigInt(low + nodeFlags * 2 ** 32));
        continue;
      }
      const value = at + node.key + page.readUInt16LE(at + node.keyLength);
      if (nodeFlags & nodeFlag.isTree) pending.push(page.readBigUInt64LE(value + rootInRecord));
      // A value of `low` bytes, on pages of its own behind one header.
      else if (nodeFlags & nodeFlag.isLarge)
        yield Number(page.readBigUInt64LE(value)) * pageSize + headerLength + low;
    }
  }
}

/** Fewer bytes where the file ends. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
