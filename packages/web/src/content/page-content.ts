import { z } from "zod";

/** The files of a page beside those of its program. Their names are the contract between {@link writePage} and the page. */
export const pageFiles = {
  content: "page.json",
  model: "model.onnx",
  encoder: "encoder.json",
} as const;

const format = "dmrec-page-1";

/** The best items that light up on the map; the first of them are listed. */
export const litCount = 40;

/** Two numbers for each item, from 0 to 65535, as the base64 of their uint16 bytes, little-endian. */
const points = z.string();

export const pageContentSchema = z.object({
  format: z.literal(format),
  /** The data's name, for the head of the page. */
  title: z.string(),
  /** True if `encoder.json` embeds typed texts. */
  readsTexts: z.boolean(),
  /** True if the model reads picked items. */
  readsPicks: z.boolean(),
  itemNames: z.array(z.string()),
  /** A few words about each item, such as its genres; empty for an item without any. Absent if no item has some. */
  itemNotes: z.array(z.string()).optional(),
  /** The users of each item in the training part. */
  popularity: z.array(z.int().nonnegative()),
  /** The best items for someone who has said nothing, best first, to show before the model is there. Absent if they are not known. */
  anyone: z.array(z.int().nonnegative()).optional(),
  /** The coordinates of the items on the map, for each space that the data has. */
  maps: z.object({ clicks: points, words: points.optional(), both: points.optional() }),
  /** Words to begin with. */
  suggestions: z.array(z.string()),
});

/** Everything that a page knows of its items, as JSON. */
export type PageContent = z.output<typeof pageContentSchema>;

/** A space of the model: what users clicked, what words say, and both together. */
export type Space = "clicks" | "words" | "both";

export const pageFormat = format;
