import { type RowStep, rowRoom } from "./row-place";
import { startRowProgram } from "./row-step-program";

let fastest: RowStep | undefined;

/** The equations of `adamStep`, rounded as there after each operation, so that both give the same numbers. */
export const rowStep: RowStep = (place, gradient, factors) => {
  fastest ??= startRowProgram() ?? numberByNumber;
  fastest(place, gradient, factors);
};

/** A step without WebAssembly, to the same numbers. */
export const numberByNumber: RowStep = ({ block, start }, gradient, factors) => {
  const { beta1, beta2, decay, rate, offset } = factors;
  const { fround } = Math;
  const room = rowRoom(gradient.length);
  const means = start + room;
  const squares = means + room;
  for (let index = 0; index < gradient.length; index += 1) {
    const slope = gradient[index];
    const mean = fround(fround(beta1 * block[means + index]) + slope);
    const square = fround(fround(beta2 * block[squares + index]) + fround(slope * slope));
    const step = fround(mean / fround(fround(Math.sqrt(square)) + offset));
    const decayed = fround(decay * block[start + index]);
    block[start + index] = fround(decayed - fround(rate * step));
    block[means + index] = mean;
    block[squares + index] = square;
  }
};
