import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** The most bytes that one call hashes: OpenSSL takes less than 2 GiB. */
const longestPart = 2 ** 28;

/** The hexadecimal SHA-256 of bytes in parts, of any length. */
export function sha256(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts)
    for (let start = 0; start < part.length; start += longestPart)
      hash.update(part.subarray(start, start + longestPart));
  return hash.digest("hex");
}

/** The hexadecimal SHA-256 of a file of any size. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}
