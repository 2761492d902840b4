import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  causeMessage,
  FileError,
  itemPopularity,
  type RecommenderInputs,
  type SplitDataset,
  UnsupportedError,
} from "@dmrec/core";
import { serializeTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { loadRecommender } from "@dmrec/serving";
import { packPoints } from "./content/packed-points";
import { litCount, type PageContent, pageFiles, pageFormat } from "./content/page-content";
import { suggestionsOf } from "./content/suggestions";
import { itemMaps } from "./layout/item-maps";

/** The program of the page, which the build of this package makes: beside the code, or beside its sources. */
const program = fileURLToPath(new URL("../dist/page/", import.meta.url));

/** Characters of the note about an item. */
const noteLength = 120;

export interface PageOptions {
  /** The data that the model was trained on. The map is made from its training part and its profile embeddings. */
  readonly data: SplitDataset;
  /** The names of the items as the page shows them, `[items]`. */
  readonly itemNames: readonly string[];
  /** The inputs that the model's scores depend on. */
  readonly reads: RecommenderInputs;
  /** Writes the model as an ONNX file, in any precision that the export has. */
  readonly exportModel: (file: string) => Promise<void>;
  /** The encoder of the data's profiles. Without it the page takes picked items only. */
  readonly encoder?: TfIdfEncoder | undefined;
}

/**
 * Writes a page that recommends while you type: a folder that any static web server serves under any path. The model, ONNX
 * Runtime and everything else that the page needs are in it; it sends nothing anywhere.
 *
 * @param folder It is made if it is not there. Files that are there stay, unless the page has them, too.
 * @throws UnsupportedError if the model serves only the users that it was trained on, or reads nothing that a page can ask for.
 * @throws FileError if the folder cannot be written.
 * @throws InvalidDataError if the exported model cannot be loaded.
 * @example
 * await writePage("public", {
 *   data,
 *   itemNames: data.itemNames ?? data.itemIds,
 *   reads: model.recommender.reads,
 *   exportModel: (file) => model.export(file, data),
 *   encoder,
 * });
 */
export async function writePage(folder: string, options: PageOptions): Promise<void> {
  const { encoder, exportModel } = options;
  const content = pageContent(options);
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    // Files of an older program have other names.
    await rm(join(folder, "assets"), { recursive: true, force: true });
    await cp(program, folder, { recursive: true });
  });
  const model = join(folder, pageFiles.model);
  await exportModel(model);
  const anyone = await itemsForAnyone(model);
  await writing(folder, async () => {
    await writeFile(join(folder, pageFiles.content), JSON.stringify({ ...content, anyone }));
    if (content.readsTexts && encoder)
      await writeFile(join(folder, pageFiles.encoder), serializeTfIdfEncoder(encoder));
  });
}

/** True if a page can ask a model with these inputs: it serves people whom it was not trained on. */
export function hasPage({ reads, encoder }: Pick<PageOptions, "reads" | "encoder">): boolean {
  return !reads.userIndex && (reads.interactions || (reads.profile && encoder !== undefined));
}

function pageContent({ data, itemNames, reads, encoder }: PageOptions): PageContent {
  if (reads.userIndex)
    throw new UnsupportedError(
      "a page is for people whom the model does not know, and this model serves only the users that it was trained on; expected one that reads interactions or profiles, such as one of withMatching",
    );
  if (!hasPage({ reads, encoder }))
    throw new UnsupportedError(
      "a page asks a model by picked items or a typed text, and this one reads neither; expected one that reads interactions, or profiles of which the encoder is known",
    );
  const { name, itemAttributes, train } = data;
  const { clicks, words, both } = itemMaps(data);
  const notes = itemAttributes?.map(({ tags = [] }) => tags.join(" · ").slice(0, noteLength));
  return {
    format: pageFormat,
    title: name,
    readsTexts: reads.profile && encoder !== undefined,
    readsPicks: reads.interactions,
    itemNames: [...itemNames],
    ...(notes?.some((note) => note !== "") && { itemNotes: notes }),
    popularity: [...itemPopularity(train)],
    maps: {
      clicks: packPoints(clicks),
      ...(words && { words: packPoints(words) }),
      ...(both && { both: packPoints(both) }),
    },
    suggestions: suggestionsOf(itemAttributes),
  };
}

/** The best items for someone who has said nothing, best first. Undefined where no ONNX Runtime runs the model. */
async function itemsForAnyone(model: string): Promise<number[] | undefined> {
  try {
    await using recommender = await loadRecommender(model);
    const best = await recommender.recommend({ count: litCount });
    return best.map(({ item }) => item);
  } catch (error) {
    if (UnsupportedError.isInstance(error)) return undefined;
    throw error;
  }
}

async function writing(folder: string, write: () => Promise<void>): Promise<void> {
  await write().catch((cause: unknown) => {
    throw new FileError(folder, `could not be written (${causeMessage(cause)})`, { cause });
  });
}
