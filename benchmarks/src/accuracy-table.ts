import { summarise } from "@dmrec/eval";
import Table from "cli-table3";
import type { AccuracyResult } from "./accuracy-task";
import { meanAndDeviation } from "./mean-and-deviation";

/** Means and sample deviations over seeds by model, with the gain relative to the first model. */
export function accuracyTable(results: readonly AccuracyResult[]): string {
  const metrics = ["recall@20", "ndcg@20"] as const;
  const models = [...new Set(results.map(({ model }) => model))];
  const table = new Table({
    head: ["model", ...metrics.flatMap((metric) => [metric, "gain"]), "epochs", "s/epoch"],
    style: { head: [], border: [] },
  });
  const runsOf = (model: string) => results.filter((result) => result.model === model);
  for (const model of models) {
    const cells = metrics.flatMap((metric) => {
      const values = (name: string) => runsOf(name).map((result) => result[metric]);
      const ratio = summarise(values(model)).mean / summarise(values(models[0])).mean;
      const gain = model === models[0] ? "" : `${(100 * (ratio - 1)).toFixed(1)}%`;
      return [meanAndDeviation(values(model)), gain];
    });
    const seconds = summarise(runsOf(model).map(({ secondsPerEpoch }) => secondsPerEpoch)).mean;
    table.push([
      model,
      ...cells,
      runsOf(model)
        .map(({ bestEpoch, epochs }) => `${bestEpoch}/${epochs}`)
        .join(" "),
      seconds.toFixed(2),
    ]);
  }
  return table.toString();
}
