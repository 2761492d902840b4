import { startProductProgram } from "./add-product-program";
import type { Workspace } from "./workspace";

let fastest: ((size: number) => Workspace | undefined) | undefined;

/** A workspace of so many numbers, in JavaScript if WebAssembly has no room for it. The next workspace takes its memory. */
export function openWorkspace(size: number): Workspace {
  fastest ??= startProductProgram() ?? plainWorkspace;
  return fastest(size) ?? plainWorkspace(size);
}

/** A workspace without WebAssembly, whose products are the same numbers. */
export function plainWorkspace(size: number): Workspace {
  const numbers = new Float64Array(size);
  return {
    numbers,
    addProduct(c, a, b, { rows, inner, columns }) {
      for (let row = 0; row < rows; row += 1)
        for (let k = 0; k < inner; k += 4) {
          const [sum, weight, p] = [
            c.start + row * c.row,
            a.start + row * a.row + k * a.column,
            b.start + k * b.row,
          ];
          const [wp, wq] = [numbers[weight], numbers[weight + a.column]];
          const [wr, wt] = [numbers[weight + 2 * a.column], numbers[weight + 3 * a.column]];
          const [q, r, t] = [p + b.row, p + 2 * b.row, p + 3 * b.row];
          for (let column = 0; column < columns; column += 1)
            numbers[sum + column] +=
              wp * numbers[p + column] +
              wq * numbers[q + column] +
              wr * numbers[r + column] +
              wt * numbers[t + column];
        }
    },
  };
}
