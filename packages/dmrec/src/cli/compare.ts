import { createHash } from "node:crypto";
import { join } from "node:path";
import { DMRecError, InvalidOptionsError, type Recommender, type SplitDataset } from "@dmrec/core";
import { describeDataset, fingerprint } from "@dmrec/data";
import { saveTfIdfEncoder } from "@dmrec/profiles";
import { createTrainer, exportOnnx, removeCheckpoint } from "@dmrec/trainer";
import { itemName } from "../item-name";
import { assertVariant, createVariant, type VariantOptions } from "../model-variants";
import { publishedSettings } from "../published-settings";
import { embedKnownText, recommendFromText } from "../recommend-from-text";
import { defaultVariants, type VariantName } from "../variant-names";
import type { CompareFlags } from "./compare-flags";
import { comparisonData } from "./comparison-data";
import { recommendationList, textList } from "./recommendation-list";
import { type ComparisonRow, resultsTable } from "./results-table";
import { trainVariant } from "./train-variant";
import { trainingSettings } from "./training-settings";

/** Of the generated catalogue: whose models are also asked by a text alone. */
const catalogueShare = 0.3;
/** What somebody says who comes to the generated catalogue. */
const catalogueText = "storms, islands and a mutiny on old ships, with a mystery to solve";

/** `dmrec compare`: trains models on one dataset, shows how they rank its test part, and recommends to one user. */
export async function compare(flags: CompareFlags): Promise<void> {
  const { data, encoder } = await comparisonData(flags);
  console.log(`Data: ${data.name}\n${describe(data)}`);
  const user = userIndexOf(data, flags.user);
  const text = flags.text ?? (flags.data === undefined ? catalogueText : undefined);
  if (text !== undefined && !encoder) throw noEncoder(data);
  // A text of unknown words alone is told before the training, not after it.
  if (text !== undefined && encoder) await embedKnownText(encoder, text);
  const models = flags.models ?? defaultVariants(data);
  if (!data.language && !flags.models) {
    console.log(
      "No embeddings and no profiles: the base model alone is trained (add item_profiles.json and user_profiles.json, or item_embeddings.npy and user_embeddings.npy, for the others).",
    );
  }
  const { hidden, latent, training: limits } = trainingSettings(flags);
  const { base, settings, seed, dropout, engine, backend, executionProvider } = flags;
  const trainer = await createTrainer({
    seed,
    ...limits,
    engine,
    backend,
    executionProvider,
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  });
  console.log(`Engine: ${trainer.engine.name} on ${trainer.engine.backend} (${trainer.engine.reason})`);

  console.log(`Base model: ${base} (${publishedSettings(base, "base", settings).source})\n`);
  const runs = join(flags.runs, `compare-${fingerprint(data).slice(0, 12)}`, `${base}-${settingsKey(flags)}`);
  const rows: ComparisonRow[] = [];
  let best:
    | { readonly name: VariantName; readonly recall: number; readonly recommender: Recommender }
    | undefined;
  const optionsOf = (name: VariantName): VariantOptions => {
    const beta = flags.beta[name];
    return {
      base,
      settings,
      seed,
      ...(dropout === undefined ? {} : { dropout }),
      ...(hidden === undefined ? {} : { hiddenDimension: hidden }),
      ...(latent === undefined ? {} : { latentDimension: latent }),
      profileOnlyShare: flags.profileOnly ?? (flags.data === undefined ? catalogueShare : 0),
      ...(beta === undefined ? {} : { beta }),
    };
  };
  // What the last model would be refused for is told before the first one is trained.
  for (const name of models) assertVariant(name, data, optionsOf(name));
  for (const name of models) {
    const recommender = createVariant(name, data, optionsOf(name));
    const { row, training } = await trainVariant({
      trainer,
      name,
      recommender,
      data,
      directory: join(runs, name),
      fresh: flags.fresh,
    });
    rows.push(row);
    // Chosen by the validation part: the test part is for measuring alone.
    const recall = training.bestMetrics["recall@20"];
    const isBest = !best || recall > best.recall;
    (isBest ? best?.recommender : recommender)?.dispose();
    if (isBest) best = { name, recall, recommender };
  }

  console.log(`\nTest part${rows.length > 1 ? `, gains relative to ${rows[0].model}` : ""}:`);
  console.log(resultsTable(rows, ["recall@20", "ndcg@20"]));
  if (best && rows.length > 1) console.log(`\nThe best on the validation part is ${best.name}.`);
  if (best) console.log(`\n${await recommendationList(trainer, best.recommender, data, user)}`);
  if (best && encoder && text !== undefined && best.name !== "base") {
    const told = { trainer, recommender: best.recommender, data, encoder };
    console.log(`\n${textList(text, await recommendFromText(text, told))}`);
  }
  if (best?.name === "base" && text !== undefined) {
    console.log("\nThe base model ranks best, which reads no texts: nobody is recommended to from one.");
  }
  if (encoder) {
    const file = join(runs, "encoder.json");
    await saveTfIdfEncoder(encoder, file);
    console.log(`\nWhat embeds a new user's text, for loadTfIdfEncoder: ${file}`);
  }
  if (best) await exportBest(best.recommender, join(runs, "best.onnx"), data);
  best?.recommender.dispose();
  // The comparison is complete: a next one starts anew. Weights and manifests stay.
  for (const name of models) await removeCheckpoint(join(runs, name));
  console.log(`\nWeights and manifests are in ${runs}`);
}

/** Names the folder of a comparison by what it trains: another one does not mix with its runs, nor overwrite its models. */
function settingsKey(flags: CompareFlags): string {
  const { settings, seed, dropout, beta, profileOnly } = flags;
  const trained = { settings, seed, dropout, beta, profileOnly, ...trainingSettings(flags) };
  return createHash("sha256").update(JSON.stringify(trained)).digest("hex").slice(0, 8);
}

/** A model that needs more of a user than an exported one is told stays as weights alone. */
async function exportBest(recommender: Recommender, file: string, data: SplitDataset): Promise<void> {
  try {
    const itemNames = data.itemIds.map((_, item) => itemName(data, item));
    await exportOnnx(recommender, file, { ...data, itemNames });
    console.log(`\nThe best model as ONNX, for createRecommender of @dmrec/serving: ${file}`);
  } catch (error) {
    if (!DMRecError.isInstance(error, "unsupported")) throw error;
    console.log(`\nThe best model is not exported: ${error.message}`);
  }
}

function describe(data: SplitDataset): string {
  const { users, items, train, validation, test } = describeDataset(data);
  const width = data.language ? `; embeddings ${data.language.items.columnCount} wide` : "";
  const counts = [users, items, train, validation, test].map((count) => count.toLocaleString("en"));
  return `${counts[0]} users, ${counts[1]} items; ${counts[2]} training, ${counts[3]} validation, ${counts[4]} test interactions${width}`;
}

function userIndexOf(data: SplitDataset, id: string | undefined): number {
  const { offsets } = data.test;
  const user =
    id === undefined
      ? offsets.findIndex((offset, index) => offsets[index + 1] > offset)
      : data.userIds.indexOf(id);
  if (user >= 0) return user;
  const message = `no user ${id === undefined ? "with test items" : JSON.stringify(id)} in ${data.name}`;
  throw new InvalidOptionsError("compare", [{ path: "user", message }]);
}

function noEncoder({ name, itemProfiles, userProfiles }: SplitDataset): InvalidOptionsError {
  const message =
    itemProfiles && userProfiles
      ? "needs the encoder of the data's profiles; add --embeddings default"
      : `needs profiles of items and users, which ${name} does not hold`;
  return new InvalidOptionsError("compare", [{ path: "text", message }]);
}
