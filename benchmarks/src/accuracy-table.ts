import Table from "cli-table3";
import { summarise } from "dmrec";
import type { AccuracyResult } from "./accuracy-task";

/** Means and sample deviations over seeds by model, with the gain relative to the first model. */
export function accuracyTable(results: readonly AccuracyResult[]): string {
  const metrics = ["recall@20", "ndcg@20"] as const;
  const models = [...new Set(results.map(({ model }) => model))];
  const table = new Table({
    head: ["model", ...metrics.flatMap((metric) => [metric, "gain"]), "epochs", "s/epoch"],
    style: { head: [], border: [] },
  });
  const of = (model: string) => results.filter((result) => result.model === model);
  for (const model of models) {
    const cells = metrics.flatMap((metric) => {
      const { mean, standardDeviation } = summarise(of(model).map((result) => result[metric]));
      const base = summarise(of(models[0]).map((result) => result[metric])).mean;
      const gain = model === models[0] ? "" : `${(100 * (mean / base - 1)).toFixed(1)}%`;
      return [`${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`, gain];
    });
    const seconds = summarise(of(model).map(({ secondsPerEpoch }) => secondsPerEpoch)).mean;
    table.push([
      model,
      ...cells,
      of(model)
        .map(({ bestEpoch, epochs }) => `${bestEpoch}/${epochs}`)
        .join(" "),
      seconds.toFixed(2),
    ]);
  }
  return table.toString();
}
