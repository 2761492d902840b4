/**
 * 16 hexadecimal digits of what some arrays hold, in their order: for the configuration of a model that depends on more
 * than its options and variables, such as a graph or embeddings, so that weights of another one are recognised.
 *
 * Nothing is copied, and it runs where node:crypto is absent, as in a browser. Two arrays of one length that differ in a
 * single number never have the same; it guards against mistakes, not against forgery.
 */
export function contentFingerprint(...arrays: readonly (Int32Array | Float32Array)[]): string {
  let [first, second] = [0x6a09e667, 0xbb67ae85];
  // Each word is multiplied into two halves, whose high bits go to each other's low ones.
  const absorb = (word: number) => {
    first = Math.imul(first ^ word, 0x9e3779b1);
    second = Math.imul(second ^ word, 0x5f356495);
    first ^= second >>> 15;
    second ^= first >>> 13;
  };
  for (const { buffer, byteOffset, length } of arrays) {
    absorb(length);
    const words = new Int32Array(buffer, byteOffset, length);
    for (let index = 0; index < length; index += 1) absorb(words[index]);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
