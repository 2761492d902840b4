import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** The places of LMDB's magic number in the first two pages, and of the size of a page in the first one. */
const header = { magic: 24, pageSize: 48, length: 52 };
const magic = 0xbeefc0de;

/**
 * The reason for which a file cannot be a database; `undefined` for one that may be, is empty or absent.
 *
 * The binding of LMDB ends the process if it opens any other file.
 *
 * @param patienceMs Milliseconds that another process has to write the first two pages of a new file.
 */
export async function headerProblem(path: string, patienceMs = 500): Promise<string | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    for (const started = performance.now(); ; await sleep(10)) {
      const { size } = await file.stat();
      if (size === 0) return undefined;
      const first = await readAt(file, 0);
      if (first.length === header.length) {
        if (first.readUInt32LE(header.magic) !== magic) return "is no LMDB database";
        const pageSize = first.readUInt32LE(header.pageSize);
        const second = await readAt(file, pageSize);
        const isDamaged = second.length === header.length && second.readUInt32LE(header.magic) !== magic;
        if (isDamaged) return "is damaged in its second page";
        if (size >= 2 * pageSize) return undefined;
      }
      if (performance.now() - started >= patienceMs)
        return `was cut: it has ${size} bytes, less than the two pages at the start of a database`;
    }
  } finally {
    await file.close();
  }
}

/** The header of a page; fewer bytes at the end of the file. */
async function readAt(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(header.length);
  const { bytesRead } = await file.read(buffer, 0, header.length, position);
  return buffer.subarray(0, bytesRead);
}
