import type { LoadDatasetOptions } from "@dmrec/data";
import { type Command, Option } from "commander";
import { names } from "./option-parsers";

/** The flags that say how the tables of a folder are read. */
export interface ColumnFlags {
  readonly interactions?: string;
  readonly itemsFrom?: string;
  readonly usersFrom?: string;
  readonly userColumn?: string;
  readonly itemColumn?: string;
  readonly ratingColumn?: string;
  readonly timeColumn?: string;
  readonly itemId?: string;
  readonly itemTitle?: string;
  readonly itemText?: readonly string[];
  readonly userId?: string;
  readonly userText?: readonly string[];
  readonly invalidLines?: "error" | "skip";
}

/** Adds the flags that say how the tables of a folder are read. */
export function addColumnFlags(command: Command): Command {
  return command
    .option(
      "--interactions <file>",
      "the folder's file of interactions (default: found); of a database, a table or query",
    )
    .option("--items-from <table>", "of a database: table or query of the items")
    .option("--users-from <table>", "of a database: table or query of the users")
    .option("--user-column <name>", "of the interactions: column of the user (default: the usual names)")
    .option("--item-column <name>", "of the interactions: column of the item")
    .option("--rating-column <name>", "of the interactions: column of the rating")
    .option("--time-column <name>", "of the interactions: column of the time")
    .option("--item-id <column>", "of the table of items: the identifier (default: found by its values)")
    .option("--item-title <column>", "of the table of items: the name to show (default: title, name, …)")
    .option("--item-text <columns>", "of the table of items: comma-separated texts and tags", names)
    .option("--user-id <column>", "of the table of users: the identifier (default: found by its values)")
    .option(
      "--user-text <columns>",
      "of the table of users: comma-separated texts (default: no traits)",
      names,
    )
    .addOption(
      new Option(
        "--invalid-lines <policy>",
        "of tables: refuse them, or leave out the lines that are not valid",
      )
        .choices(["error", "skip"])
        .default("error"),
    );
}

/** The options of a load that the flags give. */
export function columnOptions(flags: ColumnFlags): LoadDatasetOptions {
  const { interactions, invalidLines: onInvalidLine } = flags;
  const { userColumn: user, itemColumn: item, ratingColumn: rating, timeColumn: timestamp } = flags;
  return {
    interactions,
    onInvalidLine,
    columns: given({ user, item, rating, timestamp }),
    itemColumns: given({ id: flags.itemId, title: flags.itemTitle, text: flags.itemText }),
    userColumns: given({ id: flags.userId, text: flags.userText }),
  };
}

/** Undefined if no column is named. */
function given<Columns extends object>(columns: Columns): Columns | undefined {
  return Object.values(columns).some((name) => name !== undefined) ? columns : undefined;
}
