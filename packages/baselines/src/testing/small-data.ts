import type { DenseMatrix, ProfileEmbeddings } from "@dmrec/core";
import { trainingInteractions } from "@dmrec/layers/testing";

/** Ordinary numbers, other ones for another `start`. */
export function matrix(rowCount: number, columnCount = 4, start = 0): DenseMatrix {
  const values = Float32Array.from({ length: rowCount * columnCount }, (_, index) => Math.sin(start + index));
  return { rowCount, columnCount, values };
}

export function zeros(rowCount: number, columnCount = 4): DenseMatrix {
  return { rowCount, columnCount, values: new Float32Array(rowCount * columnCount) };
}

export function embeddings(columnCount = 4, start = 0): ProfileEmbeddings {
  return { users: matrix(3, columnCount, start), items: matrix(5, columnCount, start + 100) };
}

/** The items of three users, of five items; the last user and the last item have no interactions. */
export const itemsOfUsers = [[0, 1], [1, 2, 3], []];
export const interactions = trainingInteractions(5, itemsOfUsers);

/** Data at the edge of what a model of texts and graphs must bear, for three users and five items. */
export const edgeCases = [
  { name: "a graph with one edge", interactions: trainingInteractions(5, [[], [2], []]) },
  { name: "a user with every item", interactions: trainingInteractions(5, [[0, 1, 2, 3, 4], [0], []]) },
  { name: "embeddings of zero length", profileEmbeddings: { users: zeros(3), items: zeros(5) } },
  {
    name: "some embeddings of zero length",
    profileEmbeddings: {
      users: { ...matrix(3), values: matrix(3).values.map((value, index) => (index < 4 ? 0 : value)) },
      items: { ...matrix(5), values: matrix(5).values.map((value, index) => (index < 12 ? 0 : value)) },
    },
  },
];
