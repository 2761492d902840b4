import type { AddProduct, Workspace } from "./workspace";

/** The binary form of `add-product.wat`, in base64; the test of `add-product.ts` prints it if the two differ. */
export const addProductProgram =
  "AGFzbQEAAAABDgFgCn9/f39/f39/f38AAhIBBmJsb2NrcwZtZW1vcnkCAAEDAgEABw4BCmFkZFByb2R1Y3QAAAqfAgGcAgIJfwR7A0AgASEMIAIhD0EAIQsDQCAM/QoDACETIAwgCGohDCAM/QoDACEUIAwgCGohDCAM/QoDACEVIAwgCGohDCAM/QoDACEWIAwgCGohDCAPIAlqIRAgECAJaiERIBEgCWohEiAAIQ0gACAFQQhsaiEOA0AgDSAN/QAEACATIA/9AAQA/fIBIBQgEP0ABAD98gH98AEgFSAR/QAEAP3yAf3wASAWIBL9AAQA/fIB/fAB/fAB/QsEACAPQRBqIQ8gEEEQaiEQIBFBEGohESASQRBqIRIgDUEQaiENIA0gDkkNAAsgC0EEaiELIAIgCyAJbGohDyALIARJDQALIAEgB2ohASAAIAZqIQAgCkEBaiEKIAogA0kNAAsL";

/** The part of WebAssembly that a product needs. The types of Node.js 20 have none of it. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    initial: number;
    maximum: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): void };
  readonly Module: new (program: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Program };
};

interface Program {
  addProduct(...placesSizesAndDistances: readonly number[]): void;
}

const pageSize = 65_536;

/** One page less than the 4 GiB of 32 bits, so that the end of the last block is an address, too. */
const allPages = 65_535;

/**
 * Workspaces whose products WebAssembly computes, three to five times as fast as JavaScript. They share one memory, which grows
 * to the largest of them and stays: a new one ends the one before. A workspace that the memory has no room for is undefined.
 *
 * @param mostPages The size to which the memory may grow, in pages of 64 KiB.
 * @returns Undefined if WebAssembly does not start, as in a process that may not reserve the 10 GB of addresses that V8 wants for
 *   a memory of it.
 */
export function startProductProgram(
  mostPages = allPages,
): ((size: number) => Workspace | undefined) | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages });
    const bytes = Uint8Array.from(atob(addProductProgram), (character) => character.charCodeAt(0));
    const module = new WebAssembly.Module(bytes);
    const program = new WebAssembly.Instance(module, { blocks: { memory } }).exports;
    const addProduct: AddProduct = (c, a, b, { rows, inner, columns }) => {
      // The loops of the program end after their first round at the earliest.
      if (rows * inner * columns === 0) return;
      program.addProduct(
        ...[c.start, a.start, b.start].map(inBytes),
        ...[rows, inner, columns],
        ...[c.row, a.row, a.column, b.row].map(inBytes),
      );
    };
    return (size) => {
      const missing = inBytes(size) - memory.buffer.byteLength;
      try {
        if (missing > 0) memory.grow(Math.ceil(missing / pageSize));
      } catch {
        return undefined;
      }
      return { numbers: new Float64Array(memory.buffer, 0, size).fill(0), addProduct };
    };
  } catch {
    return undefined;
  }
}

const inBytes = (numbers: number) => 8 * numbers;
