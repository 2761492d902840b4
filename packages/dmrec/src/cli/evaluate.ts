import { groupByActivity, type UserGroup } from "@dmrec/eval";
import Table from "cli-table3";
import { assertSameTask, compareReports, type MetricComparison } from "../app/compare-reports";
import type { ModelZoo } from "../zoo/model-zoo";
import { counted } from "./counted";
import { engineChoice } from "./engine-flags";
import type { EvaluateFlags } from "./evaluate-flags";
import { printer, printJson } from "./print";
import { openRun, trainedRun } from "./run/open-run";

/** `dmrec evaluate`: metrics of a run, by user activity and beside another run. */
export async function evaluate(directory: string, flags: EvaluateFlags, zoo: ModelZoo): Promise<void> {
  const { against, part, cutoffs, groups: groupCount } = flags;
  const print = printer(flags);
  const options = { zoo, engine: engineChoice(flags, "dmrec evaluate"), data: flags.data, print };
  const measure = { part, cutoffs };
  // A missing run is reported before either is measured.
  for (const name of [directory, ...(against === undefined ? [] : [against])]) await trainedRun(name);
  const run = await openRun(directory, options);
  await using model = run.model;
  const other = against === undefined ? undefined : await openRun(against, options);
  await using otherModel = other?.model;
  if (other) assertSameTask(run.data, other.data);
  const report = await model.evaluate(run.data, measure);
  const groups = groupByActivity(report, run.data.train, groupCount);
  const users = report.evaluatedUsers.length;
  // The lengths of this run, so both have the same metrics.
  const lengths = cutoffs ?? run.record.training.evaluation.cutoffs;
  const otherReport = other && (await otherModel?.evaluate(other.data, { part, cutoffs: lengths }));
  const comparison = otherReport && compareReports(report, otherReport);
  if (flags.json) {
    const { metrics } = report;
    const model_ = run.model.recommender.name;
    printJson({
      run: directory,
      model: model_,
      part,
      users,
      metrics,
      groups,
      ...(comparison && { against, comparison }),
    });
    return;
  }
  print(`${model.recommender.name} on the ${part} part, ${counted(users, "user")}:`);
  print(metricsTable(report.metrics, groups));
  if (comparison && other)
    print(`\nAgainst ${other.model.recommender.name} of ${other.directory}:\n${comparisonTable(comparison)}`);
}

/** A table of metrics, over all users and by group. */
function metricsTable(metrics: Readonly<Record<string, number>>, groups: readonly UserGroup[]): string {
  const heads = groups.map(({ least, most, users }) => {
    const range = least === most ? `${least}` : `${least}–${most}`;
    return `${range} ${range === "1" ? "item" : "items"}\n${counted(users, "user")}`;
  });
  const table = new Table({ head: ["metric", "all users", ...heads], style: { head: [], border: [] } });
  for (const [name, value] of Object.entries(metrics))
    table.push([name, value.toFixed(4), ...groups.map((group) => group.metrics[name].toFixed(4))]);
  return table.toString();
}

function comparisonTable(comparison: readonly MetricComparison[]): string {
  const head = ["metric", "this run", "the other", "difference", "p (Holm)"];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { metric, first, second, difference, pValue } of comparison) {
    const sign = difference < 0 ? "−" : "+";
    const p = pValue < 0.0001 ? "< 0.0001" : pValue.toFixed(4);
    table.push([metric, first.toFixed(4), second.toFixed(4), `${sign}${Math.abs(difference).toFixed(4)}`, p]);
  }
  return table.toString();
}
