import { type DenseMatrix, RandomGenerator, type SplitDataset } from "@dmrec/core";
import { asTrainingSplit, interactionMatrix, loadDataset } from "@dmrec/data";

/** The width of the embeddings of the paper's encoder. */
export const embeddingWidth = 1536;

export interface DataSize {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

/** The sizes of Amazon-Book in the paper; a fifth of the interactions is held out for each of validation and test. */
export const amazonBook: DataSize = { users: 11_000, items: 9_332, interactions: 120_464 };

/** A folder of data, or generated interactions, with random embeddings: speed does not depend on their values. */
export async function speedData(
  folder: string | undefined,
  size: DataSize,
  width = embeddingWidth,
): Promise<SplitDataset> {
  const data =
    folder === undefined ? generatedData(size) : await loadDataset(folder, { onWarning: () => {} });
  const random = RandomGenerator.fromSeed(1);
  const profileEmbeddings = {
    users: randomMatrix(data.userCount, width, random),
    items: randomMatrix(data.itemCount, width, random),
  };
  return { ...data, profileEmbeddings };
}

/** Interactions whose items follow Zipf's law, about as many for each user; 3 in 5 are for training. */
export function generatedData({ users, items, interactions }: DataSize): SplitDataset {
  const random = RandomGenerator.fromSeed(2);
  const part = (share: number) => {
    const length = Math.round(interactions * share);
    return interactionMatrix({
      userCount: users,
      itemCount: items,
      users: Int32Array.from({ length }, (_, drawn) => drawn % users),
      items: Int32Array.from({ length }, () => Math.floor(items ** random.uniform()) - 1),
    });
  };
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  return {
    name: `generated: ${users} users, ${items} items`,
    userCount: users,
    itemCount: items,
    train: asTrainingSplit(part(0.6)),
    validation: part(0.2),
    test: part(0.2),
    userIds: ids(users),
    itemIds: ids(items),
  };
}

function randomMatrix(rowCount: number, columnCount: number, random: RandomGenerator): DenseMatrix {
  // Encoders give vectors of length 1.
  const scale = Math.sqrt(3 / columnCount);
  const values = Float32Array.from(
    { length: rowCount * columnCount },
    () => scale * (2 * random.uniform() - 1),
  );
  return { rowCount, columnCount, values };
}
