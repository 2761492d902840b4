import type { RandomGenerator as BitGenerator } from "pure-rand/types/RandomGenerator";

/** The start of the tail and the area of each layer, for 128 layers (Marsaglia and Tsang, 2000). */
const tail = 3.442619855899;
const area = 9.91256303526217e-3;
const layerCount = 128;

const density = (x: number): number => Math.exp((-x * x) / 2);

/** The right edge of each layer, widest first, and 0; the first is as wide as a layer of its area without a tail. */
const edges = new Float64Array(layerCount + 1);
const heights = new Float64Array(layerCount + 1);
edges[0] = area / density(tail);
edges[1] = tail;
for (let layer = 2; layer < layerCount; layer += 1) {
  edges[layer] = Math.sqrt(-2 * Math.log(area / edges[layer - 1] + density(edges[layer - 1])));
}
for (let layer = 0; layer <= layerCount; layer += 1) heights[layer] = density(edges[layer]);

/**
 * A standard normal number by the ziggurat method (Marsaglia and Tsang, 2000): the area below the density in layers of
 * one size, of which 97 in 100 draws need no more than a look into a table. It has 31 random bits.
 *
 * Layer and place are drawn apart, which Doornik (2005) found to matter.
 */
export function zigguratNormal(bits: BitGenerator): number {
  for (;;) {
    const layer = bits.next() >>> 25;
    const x = (bits.next() / 0x80000000) * edges[layer];
    const distance = Math.abs(x);
    if (distance < edges[layer + 1]) return x;
    if (layer === 0) {
      const beyond = beyondTail(bits);
      return x < 0 ? -beyond : beyond;
    }
    const height = heights[layer] + fraction(bits) * (heights[layer + 1] - heights[layer]);
    if (height < density(x)) return x;
  }
}

/** A number of the tail (Marsaglia, 1964). */
function beyondTail(bits: BitGenerator): number {
  for (;;) {
    const beyond = -Math.log(1 - fraction(bits)) / tail;
    if (-2 * Math.log(1 - fraction(bits)) > beyond * beyond) return tail + beyond;
  }
}

/** A uniform number in [0, 1), with 32 random bits. */
function fraction(bits: BitGenerator): number {
  return (bits.next() >>> 0) / 0x100000000;
}
