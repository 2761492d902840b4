import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * 16 hexadecimal digits of what some arrays hold, in their order: for the configuration of a model that depends on more
 * than its options and variables, such as a graph or embeddings, so that weights of another one are recognised.
 */
export function contentFingerprint(...arrays: readonly (Int32Array | Float32Array)[]): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength, length } of arrays) {
    hash.update(new Uint8Array(Uint32Array.of(length).buffer));
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return bytesToHex(hash.digest()).slice(0, 16);
}
