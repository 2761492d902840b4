import type { InvalidDataError } from "@dmrec/core";
import type { NumpyElements } from "../numpy/numpy-array";
import { type PermittedConstructors, type PickleConstructor, Restorable } from "./pickle-machine";
import { numpyConstructors, PickledArray } from "./pickled-numpy";

/** The row, column and value of each stored entry, unchecked: indices may be out of range. */
export interface SparseEntries {
  readonly rows: NumpyElements;
  readonly columns: NumpyElements;
  readonly data: NumpyElements;
}

type Fail = (location: string | undefined, actual: string, expected: string) => InvalidDataError;

/** A pickled SciPy matrix or sparse array: its attributes by name. */
export class PickledSparse extends Restorable {
  readonly #layout: "coo" | "csr";
  #attributes: ReadonlyMap<unknown, unknown> = new Map();

  constructor(layout: "coo" | "csr") {
    super();
    this.#layout = layout;
  }

  restore(state: unknown): void {
    if (state instanceof Map) this.#attributes = state;
  }

  get shape(): readonly unknown[] {
    const shape = this.#attributes.get("_shape");
    return Array.isArray(shape) ? shape : [];
  }

  /** The entries of a matrix of `rowCount` rows. */
  entries(rowCount: number, fail: Fail): SparseEntries {
    const data = this.#elements("data");
    const columns = this.#layout === "coo" ? this.#coordinates(1) : this.#elements("indices");
    const rows =
      this.#layout === "coo" ? this.#coordinates(0) : this.#rowsOfPointers(rowCount, columns?.length, fail);
    if (!rows || !columns || !data || rows.length !== data.length || columns.length !== data.length) {
      const lengths = [rows, columns, data].map((elements) => elements?.length ?? "no");
      const actual = `a matrix of ${lengths[0]} rows, ${lengths[1]} columns and ${lengths[2]} values`;
      throw fail(undefined, actual, "a row, a column and a value an entry");
    }
    return { rows, columns, data };
  }

  #elements(name: string): NumpyElements | undefined {
    return elementsOf(this.#attributes.get(name));
  }

  /** A COO matrix's indices along an axis; SciPy 1.13 and newer keep both axes together. */
  #coordinates(axis: 0 | 1): NumpyElements | undefined {
    const together = this.#attributes.get("coords");
    return Array.isArray(together) ? elementsOf(together[axis]) : this.#elements(axis === 0 ? "row" : "col");
  }

  /** The row of each entry of a CSR matrix. Row `r` owns the entries from `indptr[r]` to `indptr[r + 1]`. */
  #rowsOfPointers(rowCount: number, entryCount = 0, fail: Fail): Int32Array | undefined {
    const pointers = this.#elements("indptr");
    if (!pointers) return undefined;
    if (pointers.length !== rowCount + 1 || pointers[0] !== 0 || pointers[rowCount] !== entryCount) {
      const actual = `${pointers.length} row pointers from ${pointers[0]} to ${pointers[pointers.length - 1]}`;
      throw fail(undefined, actual, `${rowCount + 1} row pointers from 0 to ${entryCount}`);
    }
    const rows = new Int32Array(entryCount);
    for (let row = 0; row < rowCount; row += 1) {
      const [start, end] = [pointers[row], pointers[row + 1]];
      if (!(Number.isInteger(end) && end >= start && end <= entryCount)) {
        throw fail(`row ${row}`, `entries from ${start} to ${end}`, `pointers that ascend to ${entryCount}`);
      }
      rows.fill(row, start, end);
    }
    return rows;
  }
}

/** The constructors of pickled SciPy matrices, under the module names before and since SciPy 1.8. */
export const sparseConstructors: PermittedConstructors = new Map([
  ...numpyConstructors,
  ...(["coo", "csr"] as const).flatMap((layout) =>
    [`scipy.sparse._${layout}`, `scipy.sparse.${layout}`].flatMap((module): [string, PickleConstructor][] => [
      [`${module}.${layout}_matrix`, () => new PickledSparse(layout)],
      [`${module}.${layout}_array`, () => new PickledSparse(layout)],
    ]),
  ),
]);

function elementsOf(value: unknown): NumpyElements | undefined {
  return value instanceof PickledArray ? value.elements : undefined;
}
