import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Where LMDB's two meta pages keep what is checked, after the 24 bytes of a page's header. */
const metaBytes = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, length: 160 };
const magic = 0xbeefc0de;
/** Pages at the end that LMDB may have counted without writing them. */
const unwrittenPages = 16n;
/** Milliseconds for another process to write the first pages of a new file. */
const patience = 500;

/**
 * What keeps a file from being an LMDB database, in words; `undefined` where nothing does or there is none.
 *
 * LMDB maps its file into memory and trusts it: a file that was cut would end the process with a signal, not an error.
 */
export async function databaseFileProblem(file: string): Promise<string | undefined> {
  for (let waited = 0; ; waited += 20) {
    const found = await readMetaPages(file);
    if (found === undefined) return undefined;
    const { first, second, size } = found;
    if (first.length >= metaBytes.length && first.readUInt32LE(metaBytes.magic) !== magic)
      return "is no LMDB database";
    if (second.length >= metaBytes.length) return problemOf(first, second, size);
    if (waited >= patience)
      return `was cut: it has ${size} bytes, less than the two pages that it begins with`;
    await sleep(20);
  }
}

/** Both meta pages and the size of the file; `undefined` where there is no file. */
async function readMetaPages(file: string) {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    const read = async (position: number) => {
      const page = Buffer.alloc(metaBytes.length);
      const { bytesRead } = await handle.read(page, 0, page.length, position);
      return page.subarray(0, bytesRead);
    };
    const first = await read(0);
    const pageSize = first.length < metaBytes.length ? 0 : first.readUInt32LE(metaBytes.pageSize);
    const second = pageSize === 0 ? Buffer.alloc(0) : await read(pageSize);
    return { first, second, size: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

function problemOf(first: Buffer, second: Buffer, size: number): string | undefined {
  if (second.readUInt32LE(metaBytes.magic) !== magic) return "is damaged in its second page";
  const transaction = (page: Buffer) => page.readBigUInt64LE(metaBytes.transaction);
  const latest = transaction(second) > transaction(first) ? second : first;
  const pages = latest.readBigUInt64LE(metaBytes.lastPage) + 1n;
  const pageSize = BigInt(latest.readUInt32LE(metaBytes.pageSize));
  if (BigInt(size) >= (pages - unwrittenPages) * pageSize) return undefined;
  return `was cut: it has ${size} bytes, and ${pages * pageSize} were written`;
}
