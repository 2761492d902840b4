import { basename, join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, plainFileName } from "../../files/folder-listing";
import type { WarningHandler } from "../data-warning";
import { interactionExtensions } from "../read/read-interactions";
import { findOne, withExtensions } from "./find-one";

/** The files of a split. */
export interface SplitFiles {
  readonly train: string;
  /** If it is absent, a share of the training part is held out. */
  readonly validation: string | undefined;
  readonly test: string;
}

type Part = keyof SplitFiles;

const stems: Readonly<Record<Part, readonly string[]>> = {
  train: ["train"],
  validation: ["valid", "validation", "val"],
  test: ["test"],
};
const pickles: Readonly<Record<Part, string>> = {
  train: "trn_mat.pkl",
  validation: "val_mat.pkl",
  test: "tst_mat.pkl",
};

/** The names of the parts, for messages. */
export const splitNames =
  "train.* and test.*, with or without valid.* (or validation.*, val.*), or trn_mat.pkl, val_mat.pkl and tst_mat.pkl";

/**
 * Finds the parts of interactions that are split already: `train.csv` and `test.csv`.
 *
 * @throws InvalidDataError if a part is missing.
 */
export function findSplit(listing: FolderListing, onWarning: WarningHandler): SplitFiles | undefined {
  const find = (part: Part) =>
    findOne(listing, [pickles[part], ...withExtensions(...stems[part])], onWarning);
  const [train, validation, test] = [find("train"), find("validation"), find("test")];
  if (train !== undefined && test !== undefined) return { train, validation, test };
  const found = [train, validation, test].filter((file) => file !== undefined);
  if (found.length === 0) return undefined;
  const names = found.map((file) => basename(file));
  const actual = `only ${names.join(" and ")} of the parts`;
  const expected = `${splitNames}; to split ${names[0]} itself, --interactions ${names[0]}`;
  throw new InvalidDataError({ source: listing.folder, actual, expected });
}

/**
 * Finds the parts of a split whose names begin with that of the data: `books.train.csv` and `books.test.csv`. Undefined
 * unless exactly one name has a training and a test part.
 */
export function findNamedSplit({ folder, names }: FolderListing): SplitFiles | undefined {
  const splits = new Map<string, Partial<Record<Part, string>>>();
  for (const name of names) {
    const [, data, stem, extension] = /^(.+)[._-]([a-z]+)(\.[a-z]+)$/i.exec(plainFileName(name)) ?? [];
    const part = partOf(stem);
    if (!part || !interactionExtensions.some((known) => known === extension)) continue;
    splits.set(data, { ...splits.get(data), [part]: join(folder, name) });
  }
  const whole = [...splits.values()].flatMap(({ train, validation, test }) =>
    train !== undefined && test !== undefined ? [{ train, validation, test }] : [],
  );
  return whole.length === 1 ? whole[0] : undefined;
}

function partOf(stem = ""): Part | undefined {
  const parts = ["train", "validation", "test"] as const;
  return parts.find((part) => stems[part].includes(stem.toLowerCase()));
}
