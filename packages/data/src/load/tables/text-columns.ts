import { columnNamed, plainName } from "../../formats/table/column-names";
import type { TableColumns } from "../load-options";

/** The columns of a table that name and describe items or users. */
export interface TextColumns {
  /** Columns of titles; the first value that is not empty counts. */
  readonly titles: readonly string[];
  readonly tags: readonly string[];
  readonly descriptions: readonly string[];
  /** Facts by name: author, year. */
  readonly details: readonly string[];
}

const titleNames = [
  ...[
    "title",
    "name",
    "item_name",
    "movie_title",
    "book_title",
    "product_title",
    "product_name",
    "track_name",
  ],
  ...["song_title", "song_name", "artist_name", "game_title", "original_title", "headline"],
];
const tagNames = [
  ...[
    "genres",
    "genre",
    "tags",
    "categories",
    "category",
    "subcategory",
    "main_category",
    "class",
    "keywords",
  ],
  ...["subjects", "topics", "styles", "themes"],
];
const descriptionNames = [
  ...[
    "description",
    "text",
    "overview",
    "summary",
    "plot",
    "synopsis",
    "abstract",
    "about",
    "content",
    "features",
  ],
  ...["blurb", "tagline", "bio", "biography"],
];
const detailNames = [
  ...["author", "authors", "book_author", "artist", "artists", "director", "directors", "brand", "publisher"],
  ...["cast", "actors", "album", "developer", "store", "year", "release_year", "original_publication_year"],
  ...["year_of_publication", "language", "country", "subtitle"],
];

/** Finds the columns that describe items: those of the options, else those with usual names. */
export function itemTextColumns(columns: readonly string[], { title, text, id }: TableColumns): TextColumns {
  const others = columns.filter((column) => column !== id);
  const named = (names: readonly string[]) => others.filter((column) => columnNamed([column], names));
  const titles = title === undefined ? titlesAmong(others) : [title];
  const like = (names: readonly string[], pattern: RegExp) => {
    const usual = named(names);
    return usual.length > 0
      ? usual
      : others.filter((column) => pattern.test(column) && !titles.includes(column));
  };
  const own = {
    titles,
    tags: like(tagNames, tagLike),
    descriptions: like(descriptionNames, descriptionLike),
    details: named(detailNames),
  };
  if (!text) return own;
  const isTag = (column: string) => own.tags.includes(column);
  return {
    ...own,
    tags: text.filter(isTag),
    descriptions: text.filter((column) => !isTag(column)),
    details: [],
  };
}

/** `topic_tag`, `first_level_category_name`. */
const tagLike = /(genre|categor(y|ies)|tag)s?(_?name)?$/i;
/** `detail_desc`, `manual_caption`. */
const descriptionLike = /(description|desc|caption|overview|summary|abstract)$/i;

const userTextNames = ["profile", "interests", ...descriptionNames];

/** Finds the columns that describe users: those of the options, else texts with usual names. Traits are no such texts. */
export function userTextColumns(
  columns: readonly string[],
  { text, id }: Omit<TableColumns, "title">,
): TextColumns {
  const usual = columns.filter((column) => column !== id && columnNamed([column], userTextNames));
  if (!text) return { titles: [], tags: [], descriptions: usual, details: [] };
  const isUsual = (column: string) => columnNamed([column], userTextNames) !== undefined;
  return {
    titles: [],
    tags: [],
    descriptions: text.filter(isUsual),
    details: text.filter((column) => !isUsual(column)),
  };
}

/** True if anything in the table describes its subjects. */
export function hasTexts(texts: TextColumns): boolean {
  return textColumnsOf(texts).length > 0;
}

/** All columns of texts. */
export function textColumnsOf({ titles, tags, descriptions, details }: TextColumns): string[] {
  return [...titles, ...tags, ...descriptions, ...details];
}

/** The columns that options name. */
export function namedColumns({ id, title, text = [] }: TableColumns): string[] {
  return [id, title, ...text].filter((name) => name !== undefined);
}

/** The columns that options name and a table lacks. */
export function absentColumns(columns: readonly string[], named: TableColumns): string[] {
  return namedColumns(named).filter((name) => !columns.includes(name));
}

function titlesAmong(columns: readonly string[]): readonly string[] {
  const usual = inOrder(columns, titleNames);
  return usual.length > 0 ? usual : columns.filter(isTitleLike).slice(0, 1);
}

/** True for `bookTitle` and `display_name`, but not for the names of other things. */
function isTitleLike(column: string): boolean {
  return /(title|name)$/i.test(column) && !/user|file|author|brand|publisher|categor|genre|tag/i.test(column);
}

/** Columns in the order of names, so that the first name that any column has is preferred. */
function inOrder(columns: readonly string[], names: readonly string[]): string[] {
  const rank = (column: string) => names.findIndex((name) => plainName(name) === plainName(column));
  return columns.filter((column) => rank(column) >= 0).sort((a, b) => rank(a) - rank(b));
}
