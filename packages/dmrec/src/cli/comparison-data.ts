import type { SplitDataset } from "@dmrec/core";
import { loadDataset, syntheticCatalogue } from "@dmrec/data";
import {
  fitTfIdfEncoder,
  type Profile,
  type TfIdfEncoder,
  templateItemProfiles,
  templateUserProfiles,
} from "@dmrec/profiles";
import { embedDataset } from "../embed-dataset";
import type { CompareFlags } from "./compare-flags";

/** Of the embeddings of the generated catalogue. */
const catalogueWidth = 64;

export interface ComparisonData {
  readonly data: SplitDataset;
  /** What embedded its profiles, where that was done here: so that a text can be embedded too. */
  readonly encoder?: TfIdfEncoder;
}

/**
 * The data to compare models on: a folder, with embeddings of its profiles where it has none of its own (or others are
 * asked for), or the generated catalogue, whose profiles and embeddings are made here of its attributes.
 */
export async function comparisonData(flags: CompareFlags): Promise<ComparisonData> {
  if (flags.data === undefined) return embedded(withTemplateProfiles(syntheticCatalogue()), catalogueWidth);
  const { minimumRating, kCore, splitScope, splitBy, seed, embeddings } = flags;
  const threshold = minimumRating === undefined ? {} : { minimumRating };
  const split = { scope: splitScope, by: splitBy, seed };
  const data = await loadDataset(flags.data, { ...threshold, kCore, split });
  const hasProfiles = data.userProfiles !== undefined && data.itemProfiles !== undefined;
  const isNeeded = embeddings === "default" || (embeddings === "auto" && !data.language && hasProfiles);
  return isNeeded ? embedded(data) : { data };
}

/** The catalogue with profiles as a user without a language model gets them: from attributes and the training part. */
function withTemplateProfiles(data: SplitDataset): SplitDataset {
  const { train, itemAttributes: items = [] } = data;
  return {
    ...data,
    itemProfiles: templateItemProfiles(items).map(textOf),
    userProfiles: templateUserProfiles({ train, items }).map(textOf),
  };
}

const textOf = (profile: Profile) => (profile.status === "ok" ? profile.summary : "");

async function embedded(data: SplitDataset, width?: number): Promise<ComparisonData> {
  const texts = [...(data.itemProfiles ?? []), ...(data.userProfiles ?? [])];
  const started = performance.now();
  if (texts.length === 0) return embedDataset(data);
  const model = fitTfIdfEncoder(texts, width === undefined ? {} : { width });
  const result = await embedDataset(data, { model });
  const { missing } = result.report;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `Profiles: ${(texts.length - missing).toLocaleString("en")}, embedded by TF-IDF, ${model.width} wide, in ${seconds} s${missing > 0 ? `; ${missing.toLocaleString("en")} users and items without one stand as zeros` : ""}`,
  );
  return result;
}
