import { InvalidDataError } from "@dmrec/core";
import type { IndexedInteractions } from "./indexed-interactions";
import { numpyConstructors, PickledArray } from "./pickled-numpy";
import { readBytes } from "./read-bytes";
import { type PermittedConstructors, type Restorable, unpickle } from "./unpickler";

/** A pickled SciPy sparse matrix: its attributes by name. */
class PickledSparse implements Restorable {
  attributes: ReadonlyMap<unknown, unknown> = new Map();

  constructor(readonly layout: "coo" | "csr") {}

  restore(state: unknown): void {
    if (state instanceof Map) this.attributes = state;
  }

  array(name: string): ArrayLike<number> | undefined {
    const value = this.attributes.get(name);
    return value instanceof PickledArray ? value.elements : undefined;
  }
}

const constructors: PermittedConstructors = new Map([
  ...numpyConstructors,
  ...(["coo", "csr"] as const).flatMap((layout) =>
    [`scipy.sparse._${layout}`, `scipy.sparse.${layout}`].flatMap((module) =>
      ["matrix", "array"].map(
        (kind) => [`${module}.${layout}_${kind}`, () => new PickledSparse(layout)] as const,
      ),
    ),
  ),
]);

/**
 * Reads a pickled SciPy matrix of interactions in COO or CSR layout, as RLMRec and DMRec publish them. Stored zeros are
 * no interactions.
 *
 * @throws InvalidDataError naming the byte or the entry.
 */
export async function readPickledMatrix(file: string): Promise<IndexedInteractions> {
  const matrix = unpickle(await readBytes(file), file, constructors);
  const fail = (actual: string, expected: string, location?: string) =>
    new InvalidDataError({ source: file, actual, expected, ...(location === undefined ? {} : { location }) });
  if (!(matrix instanceof PickledSparse))
    throw fail("no sparse matrix", "a pickled SciPy matrix in COO or CSR layout");
  const shape = matrix.attributes.get("_shape");
  if (
    !Array.isArray(shape) ||
    shape.length !== 2 ||
    !shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  ) {
    throw fail("a matrix without its shape", "two dimensions");
  }
  const [userCount, itemCount] = shape;
  const [rows, columns] = matrix.layout === "coo" ? coordinates(matrix) : expandedRows(matrix, userCount);
  const data = matrix.array("data");
  if (!rows || !columns || !data || rows.length !== data.length || columns.length !== data.length) {
    throw fail("a matrix whose arrays are missing or of unequal length", "rows, columns and values");
  }
  const kept: number[] = [];
  for (let entry = 0; entry < data.length; entry += 1) {
    const [user, item, value] = [rows[entry], columns[entry], data[entry]];
    if (!(user >= 0 && user < userCount && item >= 0 && item < itemCount)) {
      throw fail(
        `row ${user}, column ${item}`,
        `indices within the shape [${userCount}, ${itemCount}]`,
        `entry ${entry}`,
      );
    }
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw fail(`the value ${value}`, "a finite number, 0 or more", `entry ${entry}`);
    if (value > 0) kept.push(entry);
  }
  return {
    source: file,
    userCount,
    itemCount,
    users: Int32Array.from(kept, (entry) => rows[entry]),
    items: Int32Array.from(kept, (entry) => columns[entry]),
    values: Float32Array.from(kept, (entry) => data[entry]),
    locate: (index) => `entry ${kept[index]}`,
  };
}

/** Rows and columns of a COO matrix; SciPy 1.13 and newer keep them together. */
function coordinates(matrix: PickledSparse): (ArrayLike<number> | undefined)[] {
  const together = matrix.attributes.get("coords");
  if (!Array.isArray(together)) return [matrix.array("row"), matrix.array("col")];
  return together.map((value) => (value instanceof PickledArray ? value.elements : undefined));
}

/** Rows and columns of a CSR matrix; nothing where its row pointers make no sense. */
function expandedRows(matrix: PickledSparse, userCount: number): (ArrayLike<number> | undefined)[] {
  const [pointers, columns] = [matrix.array("indptr"), matrix.array("indices")];
  if (!pointers || !columns || pointers.length !== userCount + 1 || pointers[userCount] !== columns.length)
    return [];
  const rows = new Int32Array(columns.length);
  for (let user = 0; user < userCount; user += 1) {
    if (!(pointers[user] >= 0 && pointers[user] <= pointers[user + 1])) return [];
    rows.fill(user, pointers[user], pointers[user + 1]);
  }
  return [rows, columns];
}
