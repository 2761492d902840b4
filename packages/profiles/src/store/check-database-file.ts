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
/** Pages of trees: flags and the end of the nodes' offsets in the header, and the flags of a node. */
const tree = { flags: 18, lower: 20, branch: 0x01, leaf: 0x02, isLarge: 0x01, isTree: 0x02 };
/** Of a node: the low and high parts of a number, its flags and the length of its key, which follows. */
const node = { low: 0, middle: 2, flags: 4, keyLength: 6, key: 8 };
/** Where the record of a tree within a tree has its root. */
const rootInRecord = 40;
const noPage = 0xffffffffffffffffn;
/** Milliseconds for another process to write the first pages of a new file. */
const patience = 500;

/**
 * What keeps a file from being an LMDB database, in words; `undefined` where nothing does or there is none.
 *
 * LMDB maps its file into memory and trusts it: a file that was cut would end the process with a signal, not an error.
 */
export async function databaseFileProblem(path: string): Promise<string | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    for (let waited = 0; ; waited += 20) {
      const [first, second] = await readMetaPages(file);
      if (first.length >= meta.length && first.readUInt32LE(meta.magic) !== magic)
        return "is no LMDB database";
      if (second.length >= meta.length) {
        const latest = laterOf(first, second);
        const problem = await problemOf(file, latest, second);
        // Another process may have written over what was just looked at.
        const isStill = problem && laterOf(...(await readMetaPages(file))).equals(latest);
        if (!problem || isStill) return problem;
      } else if (waited >= patience) {
        const { size } = await file.stat();
        return `was cut: it has ${size} bytes, less than the two pages that it begins with`;
      }
      await sleep(20);
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

async function problemOf(file: FileHandle, latest: Buffer, second: Buffer): Promise<string | undefined> {
  if (second.readUInt32LE(meta.magic) !== magic) return "is damaged in its second page";
  const { size } = await file.stat();
  const pageSize = latest.readUInt32LE(meta.pageSize);
  const counted = (Number(latest.readBigUInt64LE(meta.lastPage)) + 1) * pageSize;
  if (size >= counted) return undefined;
  // LMDB counts free pages at the end that it never wrote: the file is whole where nothing else is missing.
  for (const root of [meta.freeRoot, meta.mainRoot])
    if (!(await isWhole(file, latest.readBigUInt64LE(root), { pageSize, size })))
      return `was cut: it has ${size} bytes, and ${counted} were written`;
  return undefined;
}

/** Whether all pages of a tree lie in the file. */
async function isWhole(
  file: FileHandle,
  root: bigint,
  bounds: { readonly pageSize: number; readonly size: number },
): Promise<boolean> {
  const { pageSize, size } = bounds;
  if (root === noPage) return true;
  const start = Number(root) * pageSize;
  if (start + pageSize > size) return false;
  const page = await readAt(file, start, pageSize);
  const flags = page.readUInt16LE(tree.flags);
  if ((flags & (tree.branch | tree.leaf)) === 0) return true; // Damaged, as LMDB will say.
  const nodes = page.readUInt16LE(tree.lower) / 2;
  for (let index = 0; index < nodes; index += 1) {
    const at = headerLength + page.readUInt16LE(headerLength + 2 * index);
    const nodeFlags = page.readUInt16LE(at + node.flags);
    const low = page.readUInt16LE(at + node.low) + page.readUInt16LE(at + node.middle) * 2 ** 16;
    if (flags & tree.branch) {
      if (!(await isWhole(file, BigInt(low + nodeFlags * 2 ** 32), bounds))) return false;
      continue;
    }
    const value = at + node.key + page.readUInt16LE(at + node.keyLength);
    if (nodeFlags & tree.isTree) {
      if (!(await isWhole(file, page.readBigUInt64LE(value + rootInRecord), bounds))) return false;
    } else if (nodeFlags & tree.isLarge) {
      // A value of `low` bytes, on pages of its own behind one header.
      const end = Number(page.readBigUInt64LE(value)) * pageSize + headerLength + low;
      if (end > size) return false;
    }
  }
  return true;
}

/** Fewer bytes where the file ends. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
