import { basename } from "node:path";
import { isGzip } from "../../files/format-extension";
import { type DelimitedTextOptions, openDelimitedText } from "./delimited-text";
import type { Table, TableRow } from "./table";

/** The columns of events in a text without a header. */
export const eventColumns = ["user_id", "item_id", "rating", "timestamp"];

/** The genres of `u.item` in the order of its last columns, which are 1 for a genre of the film. */
const flaggedGenres = [
  ...["unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama"],
  ...[
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
  ],
];
const flaggedColumns = ["movie_id", "title", "release_date", "video_release_date", "imdb_url"];

const between = (delimiter: string, columns: readonly string[]): DelimitedTextOptions => ({
  delimiter,
  columns,
  quoted: false,
});

/** MovieLens' files without a header, by name. Those between `::` are recognised by it, too. */
const layouts: Readonly<Record<string, DelimitedTextOptions>> = {
  "u.data": between("\t", eventColumns),
  "u.item": between("|", [...flaggedColumns, ...flaggedGenres]),
  "u.user": between("|", ["user_id", "age", "gender", "occupation", "zip_code"]),
  "movies.dat": between("::", ["movie_id", "title", "genres"]),
  "users.dat": between("::", ["user_id", "gender", "age", "occupation", "zip_code"]),
};

/** The layout of MovieLens' file of this name, if its first line has the layout's delimiter. */
export function movieLensLayout(file: string, firstLine: string): DelimitedTextOptions | undefined {
  const name = basename(isGzip(file) ? file.slice(0, -3) : file).toLowerCase();
  const layout = Object.hasOwn(layouts, name) ? layouts[name] : undefined;
  if (layout) return firstLine.includes(layout.delimiter) ? layout : undefined;
  return name.endsWith(".dat") && firstLine.includes("::") ? between("::", eventColumns) : undefined;
}

/** Opens a file of MovieLens. The flags of `u.item` become a column of genres. */
export async function openMovieLens(file: string, layout: DelimitedTextOptions): Promise<Table> {
  const table = await openDelimitedText(file, layout);
  return layout === layouts["u.item"] ? withGenres(table) : table;
}

function withGenres(table: Table): Table {
  async function* rows(...[onInvalidLine]: Parameters<Table["rows"]>): AsyncGenerator<TableRow> {
    for await (const { values, line } of table.rows(onInvalidLine)) {
      const kept = flaggedColumns.map((column) => [column, values[column]]);
      const genres = flaggedGenres.slice(1).filter((genre) => values[genre] === "1");
      yield { values: { ...Object.fromEntries(kept), genres }, line };
    }
  }
  return { source: table.source, columns: [...flaggedColumns, "genres"], rows };
}
