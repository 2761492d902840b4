import type { OpenRecommender, Recommendation, SplitDataset } from "@dmrec/core";
import { describeDataset, itemName, itemsOf } from "@dmrec/data";
import type { Outcome } from "../app/compare-models";
import type { Verdict } from "../app/verdicts";
import { counted } from "./counted";
import { probability } from "./report/figures-as-text";
import { percentage, resultsTable } from "./results-table";

type Finished = Extract<Outcome, { readonly kind: "finished" }>;

/** Describes a dataset in one line. */
export function describeData(data: SplitDataset): string {
  const { users, items, train, validation, test } = describeDataset(data);
  const width = data.profileEmbeddings ? `; embeddings ${data.profileEmbeddings.items.columnCount} wide` : "";
  const [training, validating] = [train, validation].map((count) => count.toLocaleString("en"));
  return `${counted(users, "user")}, ${counted(items, "item")}; ${training} training, ${validating} validation, ${counted(test, "test interaction")}${width}`;
}

/** Describes the result of one model in one line. */
export function outcomeLine({ name, training, report }: Finished, monitor: string): string {
  const value = report.metrics[monitor].toFixed(4);
  return `${name}: ${monitor} ${value} on test, best epoch ${training.bestEpoch} of ${training.epochs}`;
}

/** The table of all models, with both metrics at the monitor's cut-off. */
export function outcomeTable(outcomes: readonly Outcome[], monitor: string): string {
  const finished = outcomes.filter((outcome) => outcome.kind === "finished");
  const rows = finished.map(({ name, training, report }) => ({
    model: name,
    metrics: report.metrics,
    ...training,
  }));
  const cutoff = monitor.split("@")[1];
  const gains = rows.length > 1 ? `, gains relative to ${rows[0].model}` : "";
  return `\nTest part${gains}:\n${resultsTable(rows, [`recall@${cutoff}`, `ndcg@${cutoff}`])}`;
}

const verdictWords: Readonly<Record<Verdict["result"], string>> = {
  better: "beats its base model",
  worse: "is worse than its base model on this data",
  unclear: "does not clearly beat its base model on this data",
};

/**
 * Says in one line whether a matched model beats its base model.
 *
 * @param title The model's name in the paper.
 */
export function verdictLine(verdict: Verdict, title: string): string {
  const { model, metric, value, baseValue, users, t, pValue, result } = verdict;
  const gain = percentage(value / baseValue - 1);
  const values = `${metric} ${value.toFixed(4)} against ${baseValue.toFixed(4)}${gain && ` (${gain})`}`;
  const statistic = `t = ${t.toFixed(2).replace("-", "−")}, ${probability(pValue)}, paired over ${users.toLocaleString("en")} test users`;
  return `${title} (${model}) ${verdictWords[result]}: ${values}; ${statistic}.`;
}

/** A user's items and what a model recommends to them, by name. Held-out items are marked. */
export async function recommendationList(
  model: OpenRecommender,
  data: SplitDataset,
  userIndex: number,
): Promise<string> {
  const heldOut = new Set([...itemsOf(data.validation, userIndex), ...itemsOf(data.test, userIndex)]);
  const seenItems = Array.from(
    itemsOf(data.train, userIndex).subarray(0, 8),
    (item) => `  ${itemName(data, item)}`,
  );
  const list = await model.recommend({ userIndex, count: 10 });
  const lines = list.map(({ item, name }, rank) => {
    const mark = heldOut.has(item) ? "  (held out: the user did choose it)" : "";
    return rankedLine(name, rank) + mark;
  });
  return `User ${data.userIds[userIndex]} knows:\n${seenItems.join("\n")}\n${model.recommender.name} recommends:\n${lines.join("\n")}`;
}

/** The recommendations to a cold-start user described by a text, by name. */
export function textList(text: string, list: readonly Recommendation[]): string {
  return `For the text "${text}":\n${list.map(({ name }, rank) => rankedLine(name, rank)).join("\n")}`;
}

/** A line of a ranking for people. */
export function rankedLine(name: string, rank: number): string {
  return `${String(rank + 1).padStart(3)}. ${name}`;
}
