import { defaultZoo } from "dmrec";
import { describe, expect, it } from "vitest";
import { isPaperData, paperRows } from "./paper-rows";
import { paperTable } from "./paper-table";

const result = (seed: number, recall: number) => ({
  base: "mult-vae" as const,
  model: "base" as const,
  seed,
  "recall@20": recall,
  "ndcg@20": 0.0936,
  epochs: 90,
  bestEpoch: 30,
  secondsPerEpoch: 1,
});
const amazonBook = {
  users: 11_000,
  items: 9332,
  train: 120_464,
  validation: 40_290,
  test: 40_106,
  density: 0.002,
};
const options = { rows: paperRows(defaultZoo), name: "books", seeds: [1, 2], epochs: 1000 };

describe("the table of bench:paper", () => {
  it("puts means and deviations beside the paper's figures, if the data has the counts of its Table 1", () => {
    const table = paperTable([result(1, 0.15), result(2, 0.16)], {
      ...options,
      isPaperData: isPaperData(amazonBook),
    });
    expect(table).toContain("# books, test part: seeds 1, 2, at most 1000 epochs\n");
    expect(table).toContain(
      "| Mult-VAE | base | 0.1550 ± 0.0071 | 0.1498 | 3.5% | 0.0936 ± 0.0000 | 0.0936 | 0.0% |",
    );
  });

  it("leaves the paper's columns empty for other data", () => {
    const other = { ...amazonBook, test: 40_105 };
    const table = paperTable([result(1, 0.15)], { ...options, isPaperData: isPaperData(other) });
    expect(table).toContain("| Mult-VAE | base | 0.1500 |  |  | 0.0936 |  |  | 30 |");
  });
});
