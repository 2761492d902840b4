import type { Recommender, SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import type { ModelTrainer } from "@dmrec/trainer";
import { itemName } from "../item-name";
import { type Recommendation, recommend } from "../recommend";

/** What a user knows and what a model recommends to them, by name; what was held out is marked. */
export async function recommendationList(
  trainer: ModelTrainer,
  recommender: Recommender,
  data: SplitDataset,
  user: number,
): Promise<string> {
  const heldOut = new Set([...itemsOf(data.validation, user), ...itemsOf(data.test, user)]);
  const known = Array.from(itemsOf(data.train, user).subarray(0, 8), (item) => `  ${itemName(data, item)}`);
  const list = await recommend({ trainer, recommender, data, audience: { user }, count: 10 });
  const lines = list.map(({ item }, rank) => {
    const mark = heldOut.has(item) ? "  (held out: the user did choose it)" : "";
    return line(itemName(data, item), rank) + mark;
  });
  return `User ${data.userIds[user]} knows:\n${known.join("\n")}\n${recommender.name} recommends:\n${lines.join("\n")}`;
}

/** What was recommended to somebody who said a text, by name. */
export function textList(text: string, list: readonly Recommendation[]): string {
  return `To somebody who says "${text}":\n${list.map(({ name }, rank) => line(name, rank)).join("\n")}`;
}

const line = (name: string, rank: number) => `${String(rank + 1).padStart(3)}. ${name}`;
