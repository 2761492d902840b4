import type { Recommender, SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import type { ModelTrainer } from "@dmrec/trainer";
import { itemName, recommend } from "../recommend";

/** Characters of a profile that tell an item without a name. */
const profileLength = 70;

/** What a user knows and what a model recommends to them, by name; what was held out is marked. */
export async function recommendationList(
  trainer: ModelTrainer,
  recommender: Recommender,
  data: SplitDataset,
  user: number,
): Promise<string> {
  const heldOut = new Set([...itemsOf(data.validation, user), ...itemsOf(data.test, user)]);
  const known = Array.from(itemsOf(data.train, user).subarray(0, 8), (item) => `  ${label(data, item)}`);
  const list = await recommend({ trainer, recommender, data, audience: { user }, count: 10 });
  const lines = list.map(({ item }, rank) => {
    const mark = heldOut.has(item) ? "  (held out: the user did choose it)" : "";
    return `${String(rank + 1).padStart(3)}. ${label(data, item)}${mark}`;
  });
  return `User ${data.userIds[user]} knows:\n${known.join("\n")}\n${recommender.name} recommends:\n${lines.join("\n")}`;
}

/** An item's name; without one, its identifier and how its profile begins. */
function label(data: SplitDataset, item: number): string {
  const name = itemName(data, item);
  const profile = data.itemProfiles?.[item];
  if (data.itemNames?.[item] || !profile) return name;
  const beginning =
    profile.length > profileLength ? `${profile.slice(0, profileLength).replace(/\s+\S*$/, "")} …` : profile;
  return `${name}: ${beginning}`;
}
