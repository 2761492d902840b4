import type { SplitDataset } from "@dmrec/core";
import { loadDataset, syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { type Profile, templateItemProfiles, templateUserProfiles } from "@dmrec/profiles";
import { embedDataset } from "../app/embed-dataset";
import type { Print } from "./print";
import { printWarning } from "./print-warning";

/** The width of the synthetic catalogue's embeddings. */
const catalogueWidth = 64;

/** The flags that choose the data. */
export interface DataFlags {
  readonly data?: string;
  readonly minimumRating?: number;
  readonly kCore: number;
  readonly splitScope: "per-user" | "global";
  readonly splitBy: "random" | "time";
  readonly seed: number;
  readonly embeddings: "auto" | "given" | "default";
}

export interface ComparisonData {
  readonly data: SplitDataset;
  /** The encoder of its profiles, if they were embedded here. A text can then be embedded, too. */
  readonly encoder?: TfIdfEncoder;
}

/**
 * Loads the data to compare models on: a folder, whose profiles are embedded if it has no embeddings or others are asked
 * for, or the synthetic catalogue with profiles and embeddings made from its attributes.
 *
 * @param print Shows a line about what was made of the data.
 */
export async function comparisonData(flags: DataFlags, print: Print = console.log): Promise<ComparisonData> {
  if (flags.data === undefined)
    return embedded(withTemplateProfiles(syntheticCatalogue()), print, catalogueWidth);
  const { minimumRating, kCore, splitScope, splitBy, seed, embeddings } = flags;
  const data = await loadDataset(flags.data, {
    ...(minimumRating === undefined ? {} : { minimumRating }),
    kCore,
    split: { scope: splitScope, by: splitBy, seed },
    onWarning: printWarning,
  });
  const hasProfiles = data.userProfiles !== undefined && data.itemProfiles !== undefined;
  const isNeeded =
    embeddings === "default" || (embeddings === "auto" && !data.profileEmbeddings && hasProfiles);
  return isNeeded ? embedded(data, print) : { data };
}

/** The catalogue with profiles by templates, made from attributes and the training part. */
function withTemplateProfiles(data: SplitDataset): SplitDataset {
  const { train, itemAttributes: items = [] } = data;
  return {
    ...data,
    itemProfiles: templateItemProfiles(items).map(profileText),
    userProfiles: templateUserProfiles({ train, items }).map(profileText),
  };
}

function profileText(profile: Profile): string {
  return profile.status === "ok" ? profile.summary : "";
}

async function embedded(data: SplitDataset, print: Print, width?: number): Promise<ComparisonData> {
  const texts = [...(data.itemProfiles ?? []), ...(data.userProfiles ?? [])];
  const started = performance.now();
  if (texts.length === 0) return embedDataset(data);
  const model = fitTfIdfEncoder(texts, width === undefined ? {} : { width });
  const result = await embedDataset(data, { model });
  const { missing } = result.report;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = `${(texts.length - missing).toLocaleString("en")}, embedded by TF-IDF, ${model.width} wide, in ${seconds} s`;
  const gaps =
    missing > 0 ? `; ${missing.toLocaleString("en")} users and items without one have zero vectors` : "";
  print(`Profiles: ${counts}${gaps}`);
  return result;
}
