/** The greatest coordinate of a packed point. */
export const span = 65_535;

/** Packs coordinates from 0 to 1 as the base64 of uint16 numbers, little-endian: 2 bytes are finer than any screen. */
export function packPoints(coordinates: ArrayLike<number>): string {
  const bytes = new Uint8Array(2 * coordinates.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < coordinates.length; index += 1)
    view.setUint16(2 * index, Math.round(span * coordinates[index]), true);
  // In pieces, because the number of arguments of a call is limited.
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192)
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(binary);
}

/** The coordinates from 0 to 1 that {@link packPoints} packed. */
export function unpackPoints(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from(
    { length: bytes.length >> 1 },
    (_, index) => view.getUint16(2 * index, true) / span,
  );
}
