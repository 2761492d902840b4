import Table from "cli-table3";

/** The results of one model of a comparison. */
export interface ComparisonRow {
  readonly model: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly bestEpoch: number;
  readonly secondsPerEpoch: number;
}

/** A table of models by metrics, with the gain relative to the first row. */
export function resultsTable(rows: readonly ComparisonRow[], metrics: readonly string[]): string {
  const [base] = rows;
  const table = new Table({
    head: ["model", ...metrics.flatMap((metric) => [metric, "gain"]), "best epoch", "s/epoch"],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const cells = metrics.flatMap((metric) => {
      const value = row.metrics[metric];
      return [value.toFixed(4), row === base ? "" : percentage(value / base.metrics[metric] - 1)];
    });
    table.push([row.model, ...cells, String(row.bestEpoch), row.secondsPerEpoch.toFixed(2)]);
  }
  return table.toString();
}

/** Formats a share as a signed percentage, e.g. `+6.8%`. */
export function percentage(share: number): string {
  return Number.isFinite(share) ? `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}%` : "";
}
