import { isDeepStrictEqual } from "node:util";
import type { DatasetDescription, VariantName } from "dmrec";
import type { BaseSettings } from "./accuracy-task";

/** What the paper's Table 2 says of a model on Amazon-Book. */
export interface PaperFigures {
  readonly "recall@20": number;
  readonly "ndcg@20": number;
}

/** The rows of Table 2 that a base model gives. */
export interface PaperRows {
  readonly label: string;
  /** Its settings: the published ones, and what the search on the validation part has changed (benchmarks/search). */
  readonly settings: BaseSettings;
  readonly paper: Partial<Record<VariantName, PaperFigures>>;
}

/** Its data after preprocessing: Table 1, and the parts of the authors' split. */
const paperCounts = { users: 11_000, items: 9332, train: 120_464, validation: 40_290, test: 40_106 };

/** Whether these are the counts of the data that the paper's figures are of. */
export function isPaperData({ users, items, train, validation, test }: DatasetDescription): boolean {
  return isDeepStrictEqual({ users, items, train, validation, test }, paperCounts);
}

const figures = (recall: number, ndcg: number): PaperFigures => ({ "recall@20": recall, "ndcg@20": ndcg });

/** Zhang et al. 2025, Table 2, Amazon-Book. */
export const paperRows: readonly PaperRows[] = [
  {
    label: "Mult-VAE",
    settings: { base: "mult-vae", settings: "amazon-book" },
    paper: {
      base: figures(0.1498, 0.0936),
      godm: figures(0.1545, 0.096),
      cpdm: figures(0.1561, 0.0971),
      mddm: figures(0.1571, 0.0979),
    },
  },
  {
    label: "CVGA",
    settings: {
      base: "cvga",
      settings: "amazon-book",
      options: { dropout: 0 },
      training: { adam: { learningRate: 5e-3 } },
    },
    paper: {
      base: figures(0.1522, 0.096),
      godm: figures(0.1647, 0.1035),
      cpdm: figures(0.1642, 0.1038),
      mddm: figures(0.1652, 0.1042),
    },
  },
  {
    label: "L-DiffRec",
    settings: { base: "l-diffrec", settings: "amazon-book" },
    paper: {
      base: figures(0.1495, 0.099),
      godm: figures(0.1529, 0.1016),
      cpdm: figures(0.1525, 0.1006),
      mddm: figures(0.1576, 0.1044),
    },
  },
];
