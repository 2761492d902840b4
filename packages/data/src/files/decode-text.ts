import { isUtf8 } from "node:buffer";

const windows1252 = new TextDecoder("windows-1252");

/** Decodes UTF-8, or Windows-1252 (which contains Latin-1) if the bytes are no valid UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
    : windows1252.decode(bytes);
}
