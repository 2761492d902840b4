import { summarise } from "@dmrec/eval";
import type { AccuracyResult } from "./accuracy-task";
import { meanAndDeviation } from "./mean-and-deviation";
import type { PaperRow } from "./paper-rows";

export interface PaperTableOptions {
  readonly rows: readonly PaperRow[];
  /** The dataset's name. */
  readonly name: string;
  /** True if the paper's figures belong to the same data. */
  readonly isPaperData: boolean;
  readonly seeds: readonly number[];
  /** The maximum number of epochs of a run. */
  readonly epochs: number;
}

/** Means and sample deviations over seeds beside the paper's figures, as Markdown. */
export function paperTable(
  results: readonly AccuracyResult[],
  { rows, name, isPaperData, seeds, epochs: limit }: PaperTableOptions,
): string {
  const lines = rows.flatMap(({ label, model, paper }) => {
    const runs = results.filter((result) => result.base === model.base && result.model === model.name);
    if (runs.length === 0) return [];
    const cells = (["recall@20", "ndcg@20"] as const).flatMap((metric) => {
      const values = runs.map((run) => run[metric]);
      const { mean } = summarise(values);
      const published = isPaperData ? paper?.[metric] : undefined;
      const own = meanAndDeviation(values);
      return published === undefined
        ? [own, "", ""]
        : [own, published.toFixed(4), `${(100 * (mean / published - 1)).toFixed(1)}%`];
    });
    const epochs = runs.map(({ bestEpoch }) => bestEpoch).join(" ");
    return [`| ${[label, model.name, ...cells, epochs].join(" | ")} |`];
  });
  return [
    `# ${name}, test part: seeds ${seeds.join(", ")}, at most ${limit} epochs`,
    "",
    "| base | strategy | Recall@20 | paper | relative | NDCG@20 | paper | relative | best epochs |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
