import type { ParameterSettings } from "./adam";
import { rowStepProgram } from "./row-step-program";

/** The factors of a step of Adam. */
export interface RowFactors {
  readonly beta1: number;
  readonly beta2: number;
  readonly decay: number;
  readonly rate: number;
  readonly offset: number;
}

/** The factors of a step for a parameter with these settings. */
export function rowFactors(
  { rate, offset }: { readonly rate: number; readonly offset: number },
  { beta1, beta2, rateFactor, decayFactor }: ParameterSettings,
): RowFactors {
  const { fround } = Math;
  // Rounded before the product, as the tensors of `adamStep` are.
  return { beta1, beta2, decay: decayFactor, rate: fround(rateFactor) * fround(rate), offset };
}

/** The room of each part of a row of so many numbers: four are computed at a time. */
export function rowRoom(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** A row of values, and after it its means and its squares, each with its {@link rowRoom}. */
export interface RowPlace {
  readonly block: Float32Array;
  readonly start: number;
}

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
const memory = new WebAssembly.Memory({ initial: 1 });
/** A row's values, means, squares and gradient, which the program computes with. */
let numbers = new Float32Array(memory.buffer);
const program = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(rowStepProgram, "base64")), {
  row: { memory },
}).exports;

/**
 * One step of Adam for one row, in place: the equations of `adamStep`, rounded as there after each operation, so that both
 * give the same numbers.
 *
 * JavaScript computes in doubles and one number at a time: WebAssembly takes a quarter of the time, with all copies.
 *
 * @param gradient The gradient of the row.
 */
export function rowStep({ block, start }: RowPlace, gradient: Float32Array, factors: RowFactors): void {
  const { beta1, beta2, decay, rate, offset } = factors;
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
}
