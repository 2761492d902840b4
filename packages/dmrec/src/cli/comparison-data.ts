import type { SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { embedDataset } from "../app/embed-dataset";
import { withTemplateProfiles } from "../app/with-template-profiles";
import { type ColumnFlags, columnOptions } from "./column-flags";
import { filesTable } from "./files-table";
import { loadData } from "./load-data";
import type { Print } from "./print";
import { printWarning } from "./print-warning";

/** The width of the synthetic catalogue's embeddings. */
const catalogueWidth = 64;

/** The flags that choose the data. */
export interface DataFlags extends ColumnFlags {
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
 * Loads the data to compare models on: a folder, or the synthetic catalogue. Profiles that are missing are written by templates
 * from what is known about the items, and embedded if there are no embeddings or others are asked for.
 *
 * @param print Shows a line about what was read and made of the data.
 * @param trained What a training made of the same data. Its encoder embeds the profiles, and since the training showed the files
 *   and warned about them, only errors are shown again.
 */
export async function comparisonData(
  flags: DataFlags,
  print: Print = console.log,
  trained?: { readonly encoder: TfIdfEncoder | undefined },
): Promise<ComparisonData> {
  const encoder = trained?.encoder;
  if (flags.data === undefined) {
    // Its profiles are made here as those of a folder are, from attributes.
    const { itemProfiles: _, userProfiles: __, ...catalogue } = syntheticCatalogue();
    return embedded(withTemplateProfiles(catalogue), print, { encoder, width: catalogueWidth });
  }
  const { minimumRating, kCore, splitScope, splitBy, seed, embeddings } = flags;
  const { data, files } = await loadData("dmrec compare", flags.data, flags, {
    ...columnOptions(flags),
    minimumRating,
    kCore,
    split: { scope: splitScope, by: splitBy, seed },
    onWarning: trained ? () => {} : printWarning,
  });
  if (!trained) print(filesTable(files));
  if (embeddings === "given" || (embeddings === "auto" && data.profileEmbeddings)) return { data };
  const described = withTemplateProfiles(data);
  const hasProfiles = described.userProfiles !== undefined && described.itemProfiles !== undefined;
  return hasProfiles || embeddings === "default" ? embedded(described, print, { encoder }) : { data };
}

async function embedded(
  data: SplitDataset,
  print: Print,
  { encoder, width }: { readonly encoder: TfIdfEncoder | undefined; readonly width?: number },
): Promise<ComparisonData> {
  const texts = [...(data.itemProfiles ?? []), ...(data.userProfiles ?? [])];
  const started = performance.now();
  if (texts.length === 0) return embedDataset(data);
  const model = encoder ?? fitTfIdfEncoder(texts, width === undefined ? {} : { width });
  const result = await embedDataset(data, { model });
  const { missing } = result.report;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = `${(texts.length - missing).toLocaleString("en")}, embedded by ${encoder ? "the run's encoder" : "TF-IDF"}, ${model.width} wide, in ${seconds} s`;
  const gaps =
    missing > 0 ? `; ${missing.toLocaleString("en")} users and items without one have zero vectors` : "";
  print(`Profiles: ${counts}${gaps}`);
  return result;
}
