import { InvalidOptionsError, type ProfileEmbeddings, type SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { embedDataset } from "../app/embed-dataset";
import { withTemplateProfiles } from "../app/with-template-profiles";
import { type ColumnFlags, columnOptions } from "./column-flags";
import { filesTable } from "./files-table";
import { loadData } from "./load-data";
import type { Print } from "./print";
import { printWarning } from "./print-warning";
import { type ProfileEncoder, profileEncoder } from "./profile-encoder";
import { progressLine } from "./progress-line";
import { clearProgress } from "./progress-reporter";

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
  /** The encoder of profiles: `tf-idf`, `use-lite` or the folder of a transformer. @default "tf-idf" */
  readonly encoder?: string;
}

export interface ComparisonData {
  readonly data: SplitDataset;
  /** The encoder of its profiles, if they were embedded here. A text can then be embedded, too. */
  readonly encoder?: ProfileEncoder;
}

/** The encoder and the embeddings that a training made of the same data. */
export interface TrainedData {
  readonly encoder: ProfileEncoder | undefined;
  /** The embeddings by the encoder, if the run keeps them. */
  readonly profileEmbeddings: ProfileEmbeddings | undefined;
}

/**
 * Loads the data to compare models on: a folder, or the synthetic catalogue. Profiles that are missing are written by templates
 * from what is known about the items, and embedded if there are no embeddings or others are asked for.
 *
 * @param print Shows a line about what was read and made of the data.
 * @param trained What a training made of the same data. Since the training showed the files and warned about them, only errors
 *   are shown again.
 */
export async function comparisonData(
  flags: DataFlags,
  print: Print = console.log,
  trained?: TrainedData,
): Promise<ComparisonData> {
  assertEncoderUsed(flags);
  if (flags.data === undefined) {
    // Its profiles are made here as those of a folder are, from attributes.
    const { itemProfiles: _, userProfiles: __, ...catalogue } = syntheticCatalogue();
    return embedded(withTemplateProfiles(catalogue), print, flags, trained, catalogueWidth);
  }
  const { minimumRating, kCore, splitScope, splitBy, seed, embeddings } = flags;
  const { data, files } = await loadData("dmrec", flags.data, flags, {
    ...columnOptions(flags),
    minimumRating,
    kCore,
    split: { scope: splitScope, by: splitBy, seed },
    onWarning: trained ? () => {} : printWarning,
  });
  if (!trained) print(filesTable(files));
  const areEnough = embeddings === "auto" && flags.encoder === undefined && data.profileEmbeddings;
  if (embeddings === "given" || areEnough) return { data };
  const described = withTemplateProfiles(data);
  const hasProfiles = described.userProfiles !== undefined && described.itemProfiles !== undefined;
  const isAsked = embeddings === "default" || flags.encoder !== undefined;
  return hasProfiles || isAsked ? embedded(described, print, flags, trained) : { data };
}

/** @throws InvalidOptionsError if an encoder is named that would embed nothing. */
function assertEncoderUsed({ embeddings, encoder }: DataFlags): void {
  if (embeddings !== "given" || encoder === undefined) return;
  const message =
    "embeds profiles, but --embeddings given reads the folder's embeddings; leave one of them out";
  throw new InvalidOptionsError("dmrec", [{ path: "--encoder", message }]);
}

async function embedded(
  data: SplitDataset,
  print: Print,
  flags: DataFlags,
  trained: TrainedData | undefined,
  width?: number,
): Promise<ComparisonData> {
  const texts = [...(data.itemProfiles ?? []), ...(data.userProfiles ?? [])];
  const started = performance.now();
  if (texts.length === 0) return embedDataset(data).then(({ data }) => ({ data }));
  const encoder = trained?.encoder ?? profileEncoder(flags.encoder, () => texts, width);
  if (trained?.profileEmbeddings)
    return { data: { ...data, profileEmbeddings: trained.profileEmbeddings }, encoder };
  const report = progressLine("Embedding", "texts", new Set(texts).size);
  const result = await embedDataset(data, {
    model: await encoder.load(),
    onProgress: ({ done }) => report(done),
  });
  clearProgress();
  const { missing, truncated } = result.report;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const columns = result.data.profileEmbeddings?.items.columnCount ?? 0;
  const counts = `${(texts.length - missing).toLocaleString("en")}, embedded by ${encoder.title}, ${columns} wide, in ${seconds} s`;
  const gaps =
    missing > 0 ? `; ${missing.toLocaleString("en")} users and items without one have zero vectors` : "";
  const cut =
    truncated > 0 ? `; the encoder reads only the start of ${truncated.toLocaleString("en")} long ones` : "";
  print(`Profiles: ${counts}${gaps}${cut}`);
  return { data: result.data, encoder };
}
