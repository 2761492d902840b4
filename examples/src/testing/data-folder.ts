import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { syntheticCatalogue, toEntries, writeProfileEmbeddings } from "@dmrec/data";

/** A folder of data, split and with profile embeddings, as a reader of the documents has one. */
export async function writeDataFolder(folder: string): Promise<void> {
  const data = syntheticCatalogue({ users: 120, items: 80 });
  await mkdir(folder);
  for (const [name, part] of [
    ["train", data.train],
    ["valid", data.validation],
    ["test", data.test],
  ] as const) {
    const { users, items } = toEntries(part);
    const lines = Array.from(users, (user, entry) => `${user},${items[entry]}\n`);
    await writeFile(join(folder, `${name}.csv`), `user,item\n${lines.join("")}`);
  }
  const ids = {
    userIds: data.userIds.map((_, user) => `${user}`),
    itemIds: data.itemIds.map((_, item) => `${item}`),
  };
  await writeProfileEmbeddings(folder, { ...data, ...ids });
}
