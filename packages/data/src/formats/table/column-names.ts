import { InvalidDataError } from "@dmrec/core";
import { someOf } from "../../files/some-of";
import type { Table } from "./table";

/** Names of the columns (or JSON fields) of a log. The usual names are tried for those left out. */
export interface ColumnNames {
  readonly user?: string | undefined;
  readonly item?: string | undefined;
  readonly rating?: string | undefined;
  readonly timestamp?: string | undefined;
}

export type ColumnRole = keyof ColumnNames;

/** The columns of a log, by role. */
export type FoundColumns = Readonly<Partial<Record<ColumnRole, string>>> & {
  readonly user: string;
  readonly item: string;
};

/** The maximum numbers of columns and of usual names in an error message. */
const [shownColumns, shownNames] = [20, 12];

/** The usual names of columns. */
export const usualColumnNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  user: [
    "user",
    "user_id",
    "userid",
    "uid",
    "reviewerid",
    "customer_id",
    "member_id",
    "visitorid",
    "reviewer_id",
    "username",
  ],
  item: [
    ...["item", "item_id", "itemid", "iid", "artistid", "movieid", "parent_asin", "asin", "business_id"],
    ...[
      "book_id",
      "isbn",
      "product_id",
      "track_id",
      "song_id",
      "game_id",
      "recipe_id",
      "news_id",
      "anime_id",
      "article_id",
      "video_id",
      "photo_id",
      "app_id",
      "poi_id",
      "venue_id",
      "location_id",
      "job_id",
      "course_id",
    ],
  ],
  rating: ["rating", "score", "stars", "overall", "book_rating", "user_rating", "star_rating"],
  timestamp: [
    "timestamp",
    "time",
    "ts",
    "date",
    "unixreviewtime",
    "datetime",
    "created_at",
    "t_dat",
    "date_added",
    "review_date",
  ],
};

/** A name without case, spaces and signs: `User-ID` is `userid`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The column with one of some names; of several, the one whose name comes first. */
export function columnNamed(columns: readonly string[], names: readonly string[]): string | undefined {
  const columnOf = new Map(columns.toReversed().map((column) => [plainName(column), column]));
  for (const name of names) {
    const column = columnOf.get(plainName(name));
    if (column !== undefined) return column;
  }
  return undefined;
}

/**
 * Finds the column of each role. One that all rows have is preferred.
 *
 * @throws InvalidDataError if the column of the user, of the item, or one that was named is missing.
 */
export function findColumns(
  { columns: present, optionalColumns, source }: Pick<Table, "columns" | "optionalColumns" | "source">,
  named: ColumnNames,
): FoundColumns {
  const full = present.filter((column) => !optionalColumns?.has(column));
  const find = (role: ColumnRole) => {
    const name = named[role];
    const found =
      name === undefined
        ? (columnNamed(full, usualColumnNames[role]) ?? columnNamed(present, usualColumnNames[role]))
        : present.find((column) => column === name);
    if (found === undefined && (name !== undefined || role === "user" || role === "item")) {
      throw new InvalidDataError({
        source,
        actual: `no column for the ${role} among ${someOf(
          present.map((column) => JSON.stringify(column)),
          shownColumns,
        )}`,
        expected:
          name === undefined
            ? `one of ${someOf(usualColumnNames[role], shownNames)}, or a name given by the option columns.${role} (${role === "user" ? "--user-column" : "--item-column"}), its number if there is no header`
            : JSON.stringify(name),
      });
    }
    return found;
  };
  const [rating, timestamp] = [find("rating"), find("timestamp")];
  return {
    user: find("user") ?? "",
    item: find("item") ?? "",
    ...(rating === undefined ? {} : { rating }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** Returns the columns except `username`, which in a table of items may name the user who added an item. */
export function withoutUserNames(columns: readonly string[]): readonly string[] {
  return columns.filter((column) => plainName(column) !== "username");
}

/** True if the columns are those of a log, and certainly not of items. */
export function isCertainLogHeader(columns: readonly string[], named: ColumnNames): boolean {
  return isLogHeader(named.user === undefined ? withoutUserNames(columns) : columns, named);
}

/** True if the columns are those of a log. */
export function isLogHeader(columns: readonly string[], named: ColumnNames): boolean {
  return (["user", "item"] as const).every((role) => {
    const name = named[role];
    return name === undefined ? columnNamed(columns, usualColumnNames[role]) : columns.includes(name);
  });
}
