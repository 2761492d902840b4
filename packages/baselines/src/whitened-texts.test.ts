import { InvalidDataError } from "@dmrec/core";
import { expect, it } from "vitest";
import { textTable } from "./profile-tables";
import { interactions, matrix } from "./testing/small-data";
import { whitenedTexts } from "./whitened-texts";

const texts = { users: textTable(matrix(3)), items: textTable(matrix(5, 4, 50)) };

it("turns each component of the items to agree with the users over the interactions", () => {
  const flipped = textTable({ ...matrix(5, 4, 50), values: matrix(5, 4, 50).values.map((value) => -value) });
  for (const items of [texts.items, flipped]) {
    const white = whitenedTexts({ users: texts.users, items }, interactions, 2);
    for (let column = 0; column < 2; column += 1) {
      const agreement = [
        [0, 0],
        [0, 1],
        [1, 1],
        [1, 2],
        [1, 3],
      ].reduce(
        (sum, [user, item]) =>
          sum + white.users.values[2 * user + column] * white.items.values[2 * item + column],
        0,
      );
      expect(agreement).toBeGreaterThan(0);
    }
  }
});

it("keeps all components of texts that are narrower", () => {
  const { users, items } = whitenedTexts(texts, interactions, 9);
  expect([users.shape, items.shape]).toEqual([
    [3, 4],
    [5, 4],
  ]);
});

it("refuses a single user or item, naming which", () => {
  const one = textTable(matrix(1));
  for (const [side, tables] of Object.entries({
    users: { ...texts, users: one },
    items: { ...texts, items: one },
  })) {
    expect(() => whitenedTexts(tables, interactions, 2)).toThrow(InvalidDataError);
    expect(() => whitenedTexts(tables, interactions, 2)).toThrow(
      `profileEmbeddings.${side}: 1 of the ${side}`,
    );
  }
});
