import { summarise } from "dmrec";
import type { AccuracyResult } from "./accuracy-task";
import { meanAndDeviation } from "./mean-and-deviation";
import { paperRows } from "./paper-rows";

/** What results are of. */
export interface PaperTableOptions {
  /** The dataset's name. */
  readonly name: string;
  /** Whether the paper's figures are of the same data. */
  readonly isPaperData: boolean;
  readonly seeds: readonly number[];
  /** The most epochs of a run. */
  readonly epochs: number;
}

/** Means and sample deviations over seeds beside the paper's figures, as Markdown. */
export function paperTable(
  results: readonly AccuracyResult[],
  { name, isPaperData, seeds, epochs: limit }: PaperTableOptions,
): string {
  const lines = paperRows.flatMap(({ label, settings, paper }) => {
    const models = [
      ...new Set(results.filter(({ base }) => base === settings.base).map(({ model }) => model)),
    ];
    return models.map((model) => {
      const runs = results.filter((result) => result.base === settings.base && result.model === model);
      const cells = (["recall@20", "ndcg@20"] as const).flatMap((metric) => {
        const values = runs.map((run) => run[metric]);
        const { mean } = summarise(values);
        const published = isPaperData ? paper[model]?.[metric] : undefined;
        const own = meanAndDeviation(values);
        return published === undefined
          ? [own, "", ""]
          : [own, published.toFixed(4), `${(100 * (mean / published - 1)).toFixed(1)}%`];
      });
      const epochs = runs.map(({ bestEpoch }) => bestEpoch).join(" ");
      return `| ${[label, model, ...cells, epochs].join(" | ")} |`;
    });
  });
  return [
    `# ${name}, test part: seeds ${seeds.join(", ")}, at most ${limit} epochs`,
    "",
    "| base | strategy | Recall@20 | paper | relative | NDCG@20 | paper | relative | best epochs |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
