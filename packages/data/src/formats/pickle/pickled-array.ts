import { assertFiniteMatrix, type DenseMatrix, InvalidDataError } from "@dmrec/core";
import { readBytes } from "../../files/read-file";
import { matrixOfElements } from "../numpy/numpy-array";
import { numpyConstructors, PickledArray } from "./pickled-numpy";
import { unpickle } from "./unpickler";

/**
 * Reads a pickled two-dimensional NumPy array of real numbers as float32, such as RLMRec's `usr_emb_np.pkl`.
 *
 * @throws InvalidDataError naming the byte, or the row and column of a value that is not finite.
 */
export async function readPickledArray(file: string): Promise<DenseMatrix> {
  const value = unpickle(await readBytes(file), file, numpyConstructors);
  if (!(value instanceof PickledArray) || value.shape.length !== 2) {
    const actual =
      value instanceof PickledArray ? `an array of shape [${value.shape.join(", ")}]` : "no array";
    throw new InvalidDataError({ source: file, actual, expected: "a pickled NumPy array of two dimensions" });
  }
  const [rowCount, columnCount] = value.shape;
  const matrix = matrixOfElements(value.elements, rowCount, columnCount, value.fortranOrder);
  assertFiniteMatrix(matrix, file);
  return matrix;
}
