import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** More items than a model of the experiments has dimensions, whose activity is measured. */
const [users, items] = [110, 320];

/** Writes a folder of interactions and profiles, in which the profiles say which half of the items a user likes. */
export async function writeTinyData(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: users }, (_, user) =>
    Array.from(
      { length: 8 },
      (_, nth) => `user-${user},item-${((user * 3 + nth) % (items / 2)) * 2 + (user % 2)}`,
    ).join("\n"),
  );
  const taste = (index: number) =>
    `${index % 2 ? "quiet songs" : "loud dances"}, ${index % 3 ? "old" : "new"}`;
  const profiles = (what: string, count: number) =>
    JSON.stringify(
      Array.from({ length: count }, (_, index) => ({ id: `${what}-${index}`, profile: taste(index) })),
    );
  await writeFile(join(folder, "interactions.csv"), `user,item\n${lines.join("\n")}\n`);
  await writeFile(join(folder, "user_profiles.json"), profiles("user", users));
  await writeFile(join(folder, "item_profiles.json"), profiles("item", items));
}
