import { isDeepStrictEqual } from "node:util";
import type { DatasetDescription } from "@dmrec/data";
import type { ModelZoo } from "dmrec";
import { type ModelSettings, modelSettings } from "./accuracy-task";

/** Figures of the paper's Table 2 on Amazon-Book. */
export interface PaperFigures {
  readonly "recall@20": number;
  readonly "ndcg@20": number;
}

/** A row of the table: a base model, unmatched or under a strategy, or a baseline. */
export interface PaperRow {
  readonly label: string;
  readonly model: ModelSettings;
  /** Absent if the paper has no figures for it. */
  readonly paper?: PaperFigures | undefined;
}

/** The paper's data after preprocessing: Table 1, and the parts of the authors' split. */
const paperCounts = { users: 11_000, items: 9332, train: 120_464, validation: 40_290, test: 40_106 };

/** True if these are the counts of the data that the paper's figures belong to. */
export function isPaperData({ users, items, train, validation, test }: DatasetDescription): boolean {
  return isDeepStrictEqual({ users, items, train, validation, test }, paperCounts);
}

const figures = (recall: number, ndcg: number): PaperFigures => ({ "recall@20": recall, "ndcg@20": ndcg });

/** Zhang et al. 2025, Table 2, Amazon-Book, by base model and strategy. */
const paperFigures: Readonly<Record<string, Readonly<Record<string, PaperFigures>>>> = {
  "mult-vae": {
    base: figures(0.1498, 0.0936),
    godm: figures(0.1545, 0.096),
    cpdm: figures(0.1561, 0.0971),
    mddm: figures(0.1571, 0.0979),
  },
  cvga: {
    base: figures(0.1522, 0.096),
    godm: figures(0.1647, 0.1035),
    cpdm: figures(0.1642, 0.1038),
    mddm: figures(0.1652, 0.1042),
  },
  "l-diffrec": {
    base: figures(0.1495, 0.099),
    godm: figures(0.1529, 0.1016),
    cpdm: figures(0.1525, 0.1006),
    mddm: figures(0.1576, 0.1044),
  },
};

/** Differences from the published settings that a search on the validation part found (benchmarks/search). */
const searched: Readonly<Record<string, Pick<ModelSettings, "ownOptions" | "training">>> = {
  cvga: { ownOptions: { dropout: 0 }, training: { adam: { learningRate: 5e-3 } } },
};

/** A row for each model of a zoo: every base model, unmatched and under every strategy, then the baselines. */
export function paperRows(zoo: ModelZoo): readonly PaperRow[] {
  const { baseModels, strategies, baselines } = zoo.rows;
  const settings = "amazon-book";
  const matched = baseModels.flatMap(({ name: base, title }) =>
    ["base", ...strategies.map(({ name }) => name)].map((name) => ({
      label: title,
      model: modelSettings(zoo, name, { base, settings, ...searched[base] }),
      paper: paperFigures[base]?.[name],
    })),
  );
  const others = baselines.map(({ name, title }) => ({
    label: title,
    model: modelSettings(zoo, name, { settings }),
  }));
  return [...matched, ...others];
}
