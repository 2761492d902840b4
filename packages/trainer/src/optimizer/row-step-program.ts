import { type RowStep, rowRoom } from "./row-place";

/** The binary form of `row-step.wat`, in base64; the test of `row-step.ts` prints it if the two differ. */
export const rowStepProgram =
  "AGFzbQEAAAABCgFgBn99fX19fQACDwEDcm93Bm1lbW9yeQIAAQMCAQAHCAEEc3RlcAAACrQBAbEBAgR/A3sgACEHIABBAmwhCCAAQQNsIQkDQCAJ/QAEACEKIAH9EyAH/QAEAP3mASAK/eQBIQsgAv0TIAj9AAQA/eYBIAogCv3mAf3kASEMIAYgA/0TIAb9AAQA/eYBIAT9EyALIAz94wEgBf0T/eQB/ecB/eYB/eUB/QsEACAHIAv9CwQAIAggDP0LBAAgB0EQaiEHIAhBEGohCCAJQRBqIQkgBkEQaiEGIAYgAEkNAAsL";

/** The part of WebAssembly that a row needs. The types of Node.js 20 have none of it. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    initial: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): void };
  readonly Module: new (program: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: RowProgram };
};

interface RowProgram {
  step(size: number, beta1: number, beta2: number, decay: number, rate: number, offset: number): void;
}

const pageSize = 65_536;

/**
 * A step of a row in WebAssembly: a third of the time of JavaScript, with all copies.
 *
 * @returns Undefined if the process may not reserve the 10 GB of addresses that V8 wants for a memory of WebAssembly.
 */
export function startRowProgram(): RowStep | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const module = new WebAssembly.Module(Buffer.from(rowStepProgram, "base64"));
    const program = new WebAssembly.Instance(module, { row: { memory } }).exports;
    /** A row's values, means, squares and gradient, which the program computes with. */
    let numbers = new Float32Array(memory.buffer);
    return ({ block, start }, gradient, { beta1, beta2, decay, rate, offset }) => {
      const room = rowRoom(gradient.length);
      if (numbers.length < 4 * room) {
        memory.grow(Math.ceil((16 * room - numbers.byteLength) / pageSize));
        numbers = new Float32Array(memory.buffer);
      }
      const row = block.subarray(start, start + 3 * room);
      numbers.set(row);
      numbers.set(gradient, 3 * room);
      program.step(4 * room, beta1, beta2, decay, rate, offset);
      row.set(numbers.subarray(0, 3 * room));
    };
  } catch {
    return undefined;
  }
}
