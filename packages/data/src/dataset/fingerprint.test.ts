import type { SplitDataset } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { asTrainingSplit, interactionMatrix } from "../interactions/interaction-matrix";
import { fingerprint } from "./fingerprint";

const part = (users: number[], items: number[], itemCount = 3) =>
  interactionMatrix({
    userCount: 2,
    itemCount,
    users: Int32Array.from(users),
    items: Int32Array.from(items),
  });
const embeddings = (...values: number[]) => ({
  rowCount: values.length,
  columnCount: 1,
  values: Float32Array.from(values),
});

const data: SplitDataset = {
  name: "small",
  userCount: 2,
  itemCount: 3,
  train: asTrainingSplit(part([0, 1], [0, 1])),
  validation: part([0], [1]),
  test: part([1], [2]),
  userIds: ["0", "1"],
  itemIds: ["0", "1", "2"],
  profileEmbeddings: { users: embeddings(1, 2), items: embeddings(3, 4, 5) },
};

describe("fingerprint", () => {
  it("is the same for the same interactions and embeddings, whatever they are called", () => {
    expect(fingerprint(data)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint({ ...data, name: "other", itemNames: ["a", "b", "c"] })).toBe(fingerprint(data));
    expect(fingerprint({ ...data, train: asTrainingSplit(part([1, 0, 0], [1, 0, 0])) })).toBe(
      fingerprint(data),
    );
  });

  it("differs where a part, its size or an embedding does", () => {
    const { profileEmbeddings, ...withoutLanguage } = data;
    const changed: SplitDataset[] = [
      { ...data, train: asTrainingSplit(part([0, 1], [0, 2])) },
      { ...data, train: asTrainingSplit(part([1, 1], [0, 1])) },
      { ...data, validation: data.test, test: data.validation },
      { ...data, test: part([1], [2], 4) },
      { ...data, profileEmbeddings: { users: embeddings(1, 2), items: embeddings(3, 4, 6) } },
      { ...data, profileEmbeddings: { users: embeddings(1, 2, 3), items: embeddings(4, 5) } },
      withoutLanguage,
    ];
    expect(new Set([data, ...changed].map(fingerprint)).size).toBe(changed.length + 1);
  });
});
