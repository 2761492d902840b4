import { unpackPoints } from "../../content/packed-points";
import { pageContentSchema, pageFiles, type Space } from "../../content/page-content";

/** The items of the page. */
export interface Catalogue {
  readonly title: string;
  readonly readsTexts: boolean;
  readonly readsPicks: boolean;
  readonly itemNames: readonly string[];
  /** A few words about each item. */
  readonly itemNotes: readonly string[] | undefined;
  readonly popularity: readonly number[];
  readonly suggestions: readonly string[];
  /** The best items for someone who has said nothing, best first. Undefined if the page does not know them before the model is there. */
  readonly anyone: readonly number[] | undefined;
  /** Coordinates from 0 to 1, `[items, 2]`, in the spaces of the data. */
  readonly maps: { readonly clicks: Float32Array } & { readonly [space in Space]?: Float32Array };
}

/** @throws Error if the file is not there, or is of another version than this program. */
export async function loadCatalogue(folder: string): Promise<Catalogue> {
  const response = await fetch(new URL(pageFiles.content, folder));
  if (!response.ok) throw new Error(`${pageFiles.content}: HTTP status ${response.status}`);
  const parsed = pageContentSchema.safeParse(await response.json());
  if (!parsed.success)
    throw new Error(`${pageFiles.content} is of another version than this page; export the page again`);
  const { maps, itemNotes, anyone, ...content } = parsed.data;
  return {
    ...content,
    itemNotes,
    anyone,
    maps: {
      clicks: unpackPoints(maps.clicks),
      ...(maps.words !== undefined && { words: unpackPoints(maps.words) }),
      ...(maps.both !== undefined && { both: unpackPoints(maps.both) }),
    },
  };
}
