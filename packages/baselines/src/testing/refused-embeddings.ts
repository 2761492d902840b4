import {
  InvalidDataError,
  InvalidOptionsError,
  type ProfileEmbeddings,
  ShapeMismatchError,
} from "@dmrec/core";
import { expect } from "vitest";
import { embeddings, matrix } from "./small-data";

/** Expects that a model refuses embeddings that are missing, do not fit its three users and five items, or are not finite. */
export function expectRefusedEmbeddings(
  make: (options: { readonly profileEmbeddings: ProfileEmbeddings | undefined }) => unknown,
): void {
  const refused = (profileEmbeddings: ProfileEmbeddings | undefined) =>
    expect(() => make({ profileEmbeddings }));
  const { users, items } = embeddings();
  refused(undefined).toThrow(InvalidOptionsError);
  refused({ users: matrix(2), items }).toThrow(ShapeMismatchError);
  refused({ users, items: matrix(5, 3) }).toThrow(ShapeMismatchError);
  items.values[7] = Number.NaN;
  refused({ users, items }).toThrow(InvalidDataError);
}
