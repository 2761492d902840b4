import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError } from "@dmrec/core";

/** Names that a search writes before its first trial has ended. */
const beginnings = ["trials", "trials.jsonl", "user_embeddings.npy", "item_embeddings.npy"];

/** True for such a name, also of a file that a kill left half written, and for files of the system such as .DS_Store. */
const isBeginning = (name: string) =>
  name.startsWith(".") ||
  beginnings.some((own) => name === own || (name.startsWith(`${own}.`) && name.endsWith(".tmp")));

/**
 * Checks that a search may write into a directory: it is empty, or a search has begun in it.
 *
 * @throws InvalidOptionsError if it holds a run, data or anything else.
 */
export async function claimSearch(directory: string, owner: string): Promise<void> {
  // A folder that cannot be read is reported when it is written to.
  const names: readonly string[] = await readdir(directory).catch(() => []);
  const isSearch = names.includes("trials.jsonl") && !names.includes("run.json");
  if (isSearch || names.every(isBeginning)) return;
  const what = names.includes("run.json") ? "a run" : "files that are no search";
  const message = `${directory} holds ${what}; name a new folder, such as ${join(directory, "search")}`;
  throw new InvalidOptionsError(owner, [{ path: "--out", message }]);
}
