import { parseOptions } from "@dmrec/core";
import { z } from "zod";
import type { ColumnNames } from "../formats/table/column-names";
import { type SplitOptions, splitSchema } from "../interactions/split-interactions";
import { type DataWarning, type WarningHandler, warningMessage } from "./data-warning";
import type { FolderReport } from "./report/folder-report";

/** Names of columns of a table of items or users, as the header has them. */
export interface TableColumns {
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  /** Texts and tags that describe an item or a user, in this order. */
  readonly text?: readonly string[] | undefined;
}

export interface LoadDatasetOptions {
  /**
   * Names of the columns of tables.
   *
   * @default the usual names
   */
  readonly columns?: ColumnNames | undefined;
  /**
   * The lowest rating that counts as an interaction.
   *
   * @default every event counts
   */
  readonly minimumRating?: number | undefined;
  /**
   * Leaves out users and items with fewer interactions than this, of data that is not yet split. If the data has
   * indices instead of identifiers, the indices stay and those left out have no interactions.
   *
   * @default 0
   */
  readonly kCore?: number | undefined;
  /**
   * The split of data that is not yet split.
   *
   * @default 3:1:1 for each user, at random
   */
  readonly split?: SplitOptions | undefined;
  /**
   * The share of the training part that is held out for validation if a folder has only a training and a test part.
   *
   * @default 0.25
   */
  readonly validationShare?: number | undefined;
  /**
   * The name of the file of interactions. It is needed if several tables of the folder have columns for a user and an item.
   *
   * @default found by its name, else by its columns
   */
  readonly interactions?: string | undefined;
  /**
   * If a line of a table has the wrong number of fields or a value that cannot be read: `"error"` throws, `"skip"` leaves the
   * line out with a warning.
   *
   * @default "error"
   */
  readonly onInvalidLine?: "error" | "skip" | undefined;
  /**
   * The columns of the table of items.
   *
   * @default the identifier is found by its values, the others by their usual names
   */
  readonly itemColumns?: TableColumns | undefined;
  /**
   * The columns of the table of users. Only texts are read: names and traits are not, unless `text` names their columns.
   *
   * @default the identifier is found by its values, the texts by their usual names
   */
  readonly userColumns?: Omit<TableColumns, "title"> | undefined;
  /**
   * Receives a line about each peculiarity of the data that does not prevent its use, and the same in parts.
   *
   * @default a Node warning, `process.emitWarning`
   */
  readonly onWarning?: ((message: string, warning: DataWarning) => void) | undefined;
}

const optionsSchema = z.strictObject({
  columns: z
    .strictObject({ user: z.string(), item: z.string(), rating: z.string(), timestamp: z.string() })
    .partial()
    .optional(),
  minimumRating: z.number().optional(),
  kCore: z.int().nonnegative().default(0),
  split: splitSchema.prefault({}),
  validationShare: z.number().gt(0).lt(1).default(0.25),
  interactions: z.string().min(1).optional(),
  onInvalidLine: z.enum(["error", "skip"]).default("error"),
  itemColumns: z
    .strictObject({ id: z.string(), title: z.string(), text: z.array(z.string()).readonly() })
    .partial()
    .default({}),
  userColumns: z
    .strictObject({ id: z.string(), text: z.array(z.string()).readonly() })
    .partial()
    .default({}),
});

/** The options of a load with their defaults. */
export interface LoadSettings extends z.output<typeof optionsSchema> {
  readonly onWarning: WarningHandler;
}

/**
 * Checks options and fills in their defaults. A report learns of each warning, too.
 *
 * @throws InvalidOptionsError
 */
export function resolveSettings(
  { onWarning = emitWarning, ...options }: LoadDatasetOptions,
  report: FolderReport,
): LoadSettings {
  return {
    ...parseOptions("loadDataset", optionsSchema, options),
    onWarning: (warning) => {
      report.warned(warning);
      onWarning(warningMessage(warning), warning);
    },
  };
}

function emitWarning(message: string): void {
  process.emitWarning(message, "DMRecWarning");
}
