import { InvalidDataError } from "@dmrec/core";

/** Names of the columns (or JSON fields) of a log. The usual names are tried for those left out. */
export interface ColumnNames {
  readonly user?: string | undefined;
  readonly item?: string | undefined;
  readonly rating?: string | undefined;
  readonly timestamp?: string | undefined;
}

export type ColumnRole = keyof ColumnNames;

/** The usual names of columns, in lower case. */
export const usualColumnNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  user: ["user", "user_id", "userid", "uid", "reviewerid"],
  item: ["item", "item_id", "itemid", "iid", "artistid", "movieid", "asin", "parent_asin", "business_id"],
  rating: ["rating", "score", "stars", "overall"],
  timestamp: ["timestamp", "time", "ts", "date", "unixreviewtime"],
};

/**
 * Finds the column of each role.
 *
 * @throws InvalidDataError if the column of the user, of the item, or one that was named is missing.
 */
export function findColumns(
  present: readonly string[],
  named: ColumnNames,
  source: string,
): Readonly<Partial<Record<ColumnRole, string>>> & { readonly user: string; readonly item: string } {
  const find = (role: ColumnRole) => {
    const name = named[role];
    const found = present.find((column) =>
      name === undefined ? usualColumnNames[role].includes(column.toLowerCase()) : column === name,
    );
    if (found === undefined && (name !== undefined || role === "user" || role === "item")) {
      throw new InvalidDataError({
        source,
        actual: `no column for the ${role} among ${present.map((column) => JSON.stringify(column)).join(", ")}`,
        expected:
          name === undefined
            ? `one of ${usualColumnNames[role].join(", ")}, or a name given by the option columns.${role}`
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
