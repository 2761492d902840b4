import { InvalidDataError } from "@dmrec/core";
import { readBytes } from "../../files/read-file";
import type { InteractionEntries } from "../../interactions/interaction-entries";
import { isDimension } from "../numpy/numpy-array";
import { PickledSparse, sparseConstructors } from "./pickled-sparse";
import { unpickle } from "./unpickler";

/**
 * Reads a pickled SciPy matrix of interactions, `[users, items]` in COO or CSR layout, as RLMRec and DMRec publish
 * them. Stored zeros are not interactions.
 *
 * @throws InvalidDataError naming the byte or the entry.
 */
export async function readPickledMatrix(file: string): Promise<InteractionEntries> {
  const fail = (location: string | undefined, actual: string, expected: string) =>
    new InvalidDataError({ source: file, actual, expected, ...(location === undefined ? {} : { location }) });

  const matrix = unpickle(await readBytes(file), file, sparseConstructors);
  if (!(matrix instanceof PickledSparse)) {
    throw fail(undefined, "no sparse matrix", "a pickled SciPy matrix in COO or CSR layout");
  }
  const [userCount, itemCount, ...others] = matrix.shape;
  if (!isDimension(userCount) || !isDimension(itemCount) || others.length > 0) {
    throw fail(undefined, "a matrix without its shape", "two dimensions below 2^31");
  }
  const { rows, columns, data } = matrix.entries(userCount, fail);

  const kept: number[] = [];
  for (let entry = 0; entry < data.length; entry += 1) {
    const [user, item, value] = [rows[entry], columns[entry], data[entry]];
    if (!isIndex(user, userCount) || !isIndex(item, itemCount)) {
      const expected = `indices within the shape [${userCount}, ${itemCount}]`;
      throw fail(`entry ${entry}`, `row ${user}, column ${item}`, expected);
    }
    const weight = Math.fround(value);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw fail(`entry ${entry}`, `the value ${value}`, "a finite float32, 0 or more");
    }
    if (weight > 0) kept.push(entry);
  }
  return {
    source: file,
    userCount,
    itemCount,
    users: Int32Array.from(kept, (entry) => rows[entry]),
    items: Int32Array.from(kept, (entry) => columns[entry]),
    weights: Float32Array.from(kept, (entry) => data[entry]),
    locate: (index) => `entry ${kept[index]}`,
  };
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}
