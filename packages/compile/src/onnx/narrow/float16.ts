/** The greatest number of a float16. */
export const greatestFloat16 = 65504;

/**
 * The bits of the float16 nearest to each number; of two that are equally near, the even one (IEEE 754). Numbers must be
 * finite and at most {@link greatestFloat16} in size.
 */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits);
}

/** The number at which normal numbers of float16 begin: below it, they are multiples of 2⁻²⁴. */
const smallestNormal = 2 ** -14;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

function halfBits(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size < smallestNormal) return sign | roundToEven(size * 2 ** 24);
  // The exponent moves from a bias of 127 to one of 15; 13 bits of the fraction are rounded away. A carry is the next exponent.
  const magnitude = (bits[0] & 0x7fffffff) - ((127 - 15) << 23);
  return sign | roundToEven(magnitude / 2 ** 13);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
