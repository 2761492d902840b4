import { dirname } from "node:path";
import { InvalidOptionsError, ItemFilters, type Recommendation, type SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import { ItemFinder } from "../app/find-items";
import { readsTexts, recommendFromText } from "../app/recommend-from-text";
import { recommendToAll } from "../app/recommend-to-all";
import type { ModelZoo } from "../zoo/model-zoo";
import { rankedLine } from "./comparison-output";
import { counted } from "./counted";
import { engineChoice } from "./engine-flags";
import { assertFilterMatches, parseFilterFlag } from "./filter-flag";
import { makeDirectory } from "./make-directory";
import { printer, printJson } from "./print";
import { progressLine } from "./progress-line";
import { clearProgress } from "./progress-reporter";
import type { RecommendFlags } from "./recommend-flags";
import { recommendationFormat, writeRecommendations } from "./recommendation-file";
import { type OpenRun, openRun } from "./run/open-run";
import { unknownUser } from "./unknown-user";

const owner = "dmrec recommend";

/** `dmrec recommend`: the best items for someone, or for all users of the data. */
export async function recommend(directory: string, flags: RecommendFlags, zoo: ModelZoo): Promise<void> {
  assertOneAudience(flags);
  const print = printer(flags);
  const engine = engineChoice(flags, owner);
  // A list for a person begins with the list.
  const run = await openRun(directory, {
    zoo,
    engine,
    data: flags.data,
    print: (line) => console.error(line),
  });
  await using model = run.model;
  if (flags.allUsers) {
    const { users, file } = await recommendToFile(run, flags);
    if (flags.json) printJson({ run: directory, model: model.recommender.name, users, file });
    else print(`Recommendations to ${counted(users, "user")} are in ${file}.`);
    return;
  }
  const list = await recommendations(run, flags);
  if (flags.json) {
    const items = list.map(({ itemId, name, score }) => ({ itemId, name, score }));
    printJson({ run: directory, model: model.recommender.name, items });
  } else if (list.length === 0) print("No item is left to recommend.");
  else print(list.map(({ name }, rank) => rankedLine(name, rank)).join("\n"));
}

async function recommendations(run: OpenRun, flags: RecommendFlags): Promise<Recommendation[]> {
  const { data, model, encoder } = run;
  const { user, text, count } = flags;
  const exclude = excludedItems(data, flags);
  const choice = { count, exclude };
  if (user !== undefined) {
    const userIndex = data.userIds.indexOf(user);
    if (userIndex < 0) throw wrongFlag("--user", unknownUser(user, data));
    const heldOut = flags.excludeHeldOut ? heldOutItems(data, userIndex) : [];
    return model.recommend({ ...choice, userIndex, exclude: [...exclude, ...heldOut] });
  }
  const interactions = foundItems(data, "--items", flags.items);
  if (text === undefined && model.recommender.reads.userIndex) {
    const message = `needs a model of new users, and ${model.recommender.name} knows those of its training only: name one with --user, or train a model such as --base mult-vae`;
    throw wrongFlag("--items", message);
  }
  if (text === undefined) return model.recommend({ ...choice, interactions });
  if (!readsTexts(model.recommender)) {
    const message = `needs a model that reads texts, which ${model.recommender.name} does not: train one with --matching mddm`;
    throw wrongFlag("--text", message);
  }
  if (!encoder) {
    const message = `needs an encoder of texts, which ${run.directory} does not have: train it with --embeddings default on data with profiles`;
    throw wrongFlag("--text", message);
  }
  return recommendFromText(text, { ...choice, model, encoder: await encoder.load(), interactions });
}

async function recommendToFile({ model, data }: OpenRun, flags: RecommendFlags) {
  const { out: file = "", count, excludeHeldOut } = flags;
  const format = recommendationFormat(file);
  if (format === undefined) {
    const message = `${file || "missing"}; expected a file that ends in .csv, .jsonl or .parquet, such as --out recommendations.csv`;
    throw wrongFlag("--out", message);
  }
  const exclude = excludedItems(data, flags);
  await makeDirectory(dirname(file));
  const report = progressLine("Recommending", "users", data.userCount);
  let users = 0;
  async function* reported() {
    for await (const batch of recommendToAll(model, data, { count, exclude, excludeHeldOut })) {
      yield batch;
      users += batch.length;
      report(users);
    }
  }
  await writeRecommendations(file, format, reported());
  clearProgress();
  return { users, file };
}

/** @throws InvalidOptionsError if it is not clear whom to recommend to. */
function assertOneAudience({ user, items, text, allUsers, out }: RecommendFlags): void {
  const given = [user !== undefined, items !== undefined || text !== undefined, allUsers].filter(Boolean);
  if (given.length === 0) {
    const message =
      'name someone to recommend to: --user ID, --items A,B, --text "…" or --all-users --out FILE';
    throw new InvalidOptionsError(owner, [{ path: "", message }]);
  }
  if (given.length > 1) {
    const message =
      "--user, --items with --text, and --all-users are three different questions; ask one at a time";
    throw new InvalidOptionsError(owner, [{ path: "", message }]);
  }
  if (out !== undefined && !allUsers)
    throw wrongFlag("--out", "is the file of --all-users; add that, or leave --out out");
}

function foundItems(data: SplitDataset, flag: string, texts: readonly string[] | undefined): number[] {
  if (texts === undefined) return [];
  const finder = new ItemFinder(data);
  return texts.flatMap((text) => finder.find(text, (message) => wrongFlag(flag, message)));
}

/** The items of `--exclude`, and those that do not meet `--filter`. */
function excludedItems(data: SplitDataset, flags: RecommendFlags): number[] {
  const excluded = foundItems(data, "--exclude", flags.exclude);
  const { itemColumns = {}, itemCount } = data;
  const fail = (message: string) => wrongFlag("--filter", message);
  const filter = parseFilterFlag(flags.filter, data.itemColumns, fail);
  if (!filter) return excluded;
  const filters = new ItemFilters(itemColumns, itemCount);
  const failAt = (path: readonly string[], message: string) => fail([...path, message].join(": "));
  assertFilterMatches(filter, itemColumns, { mask: filters.mask(filter, failAt), fail });
  return [...excluded, ...filters.itemsOutside(filter, failAt)];
}

function heldOutItems(data: SplitDataset, user: number): number[] {
  return [...itemsOf(data.validation, user), ...itemsOf(data.test, user)];
}

function wrongFlag(path: string, message: string): InvalidOptionsError {
  return new InvalidOptionsError(owner, [{ path, message }]);
}
