import { basename } from "node:path";
import { InvalidDataError, type ItemAttributes, type ItemColumns } from "@dmrec/core";
import type { FolderListing } from "../../files/folder-listing";
import { someOf } from "../../files/some-of";
import { isCertainLogHeader, usualColumnNames } from "../../formats/table/column-names";
import { openTable } from "../../formats/table/open-table";
import type { Table } from "../../formats/table/table";
import { collectInvalidLines } from "../invalid-lines";
import type { LoadSettings, TableColumns } from "../load-options";
import { type FolderReport, formatCount } from "../report/folder-report";
import { isNamedForItems, itemTableFiles, userTableFiles } from "./find-tables";
import { findIdentifierColumn, type IdentifierColumn } from "./identifier-column";
import { type IdentifierMap, identifierMaps } from "./identifier-maps";
import { makeItemColumns, withYears } from "./item-columns";
import { readDescribed } from "./read-described";
import {
  absentColumns,
  hasTexts,
  itemTextColumns,
  namedColumns,
  type TextColumns,
  textColumnsOf,
  userTextColumns,
} from "./text-columns";

/** The most columns of a table that a message or a record names. */
const shownColumns = 20;

/** The settings that tables are read with, and the report of what was read. */
export interface ReportContext {
  readonly settings: LoadSettings;
  readonly report: FolderReport;
}

/** The content of a table, in the order of the identifiers that it describes. */
export interface DescribedTable {
  readonly attributes: readonly ItemAttributes[];
  /** The columns to filter by; none for users. */
  readonly columns: ItemColumns;
}

/** The folder whose tables are read. */
export interface TableContext extends ReportContext {
  readonly listing: FolderListing;
  /** Files that are read as something else. */
  readonly used: ReadonlySet<string>;
}

/** A kind of tables: what they describe, and by which columns. */
interface TableKind {
  readonly entity: "item" | "user";
  readonly named: TableColumns;
  readonly usualNames: readonly string[];
  readonly textColumns: (columns: readonly string[], named: TableColumns) => TextColumns;
  /** A flag that names columns of texts, for messages. */
  readonly textFlag: string;
}

function itemTables({ itemColumns: named }: LoadSettings): TableKind {
  const usualNames = ["id", ...usualColumnNames.item];
  return { entity: "item", named, usualNames, textColumns: itemTextColumns, textFlag: "--item-text" };
}

function userTables({ userColumns: named }: LoadSettings): TableKind {
  const usualNames = ["id", ...usualColumnNames.user];
  return { entity: "user", named, usualNames, textColumns: userTextColumns, textFlag: "--user-text" };
}

/**
 * Reads a table that is known to describe items or users.
 *
 * @throws InvalidDataError if it does not describe any, or naming the row.
 */
export async function readGivenTable(
  context: ReportContext,
  entity: "item" | "user",
  table: Table,
  ids: readonly string[],
): Promise<DescribedTable> {
  const kind = entity === "item" ? itemTables(context.settings) : userTables(context.settings);
  const found = await describing(context, kind, table, new Set(ids));
  if (found.kind === "candidate") return readTable(context, kind, found, ids);
  const expected = `a column of identifiers of the ${entity}s, and titles or texts`;
  throw new InvalidDataError({ source: table.source, actual: found.reason, expected });
}

/**
 * Reads the table of a folder that describes the most of its items, if there is one.
 *
 * @param readOthers Reads descriptions from elsewhere if no table has any.
 * @throws InvalidDataError naming the line, or if the options name columns that no table has.
 */
export async function readItemTable(
  context: TableContext,
  ids: readonly string[],
  readOthers: () => Promise<DescribedTable | undefined>,
): Promise<DescribedTable | undefined> {
  const kind = itemTables(context.settings);
  const files = await itemTableFiles(context.listing, context.used);
  const described = (await readBestTable(context, kind, files, ids)) ?? (await readOthers());
  if (!described) await assertNoneNamed(context.listing, kind, files);
  return described;
}

/**
 * Reads the table of a folder that has texts about the most of its users, if there is one.
 *
 * @throws InvalidDataError naming the line, or if the options name columns that no table has.
 */
export async function readUserTable(
  context: TableContext,
  ids: readonly string[],
): Promise<DescribedTable | undefined> {
  const kind = userTables(context.settings);
  const files = userTableFiles(context.listing, context.used);
  const described = await readBestTable(context, kind, files, ids);
  if (!described) await assertNoneNamed(context.listing, kind, files);
  return described;
}

/** A table that describes identifiers. */
interface Candidate extends IdentifierColumn {
  readonly kind: "candidate";
  readonly table: Table;
  readonly texts: TextColumns;
  /** The map of the identifiers that it has. Absent if it has those of the interactions. */
  readonly map?: IdentifierMap;
}

/** A table that describes none, and why. */
interface NoCandidate {
  readonly kind: "none";
  readonly reason: string;
}

function none(reason: string): NoCandidate {
  return { kind: "none", reason };
}

async function readBestTable(
  context: TableContext,
  kind: TableKind,
  files: readonly string[],
  ids: readonly string[],
): Promise<DescribedTable | undefined> {
  const { report } = context;
  let best: Candidate | undefined;
  for (const file of files) {
    const found = await candidateOf(context, kind, file, ids);
    if (found.kind === "none") report.skip(file, found.reason);
    // Of equal tables the first counts, and its name is the likelier one.
    else if (!best || found.matches > best.matches) best = found;
  }
  if (kind.entity === "item" && (best?.matches ?? 0) < ids.length)
    best = (await mappedCandidate(context, kind, files, ids, best?.matches ?? 0)) ?? best;
  if (!best) {
    for (const file of files.filter(isNamedForItems)) {
      const message = report.reasonOf(file);
      if (message !== undefined) context.settings.onWarning({ source: file, message, count: 1 });
    }
    return undefined;
  }
  for (const file of files)
    if (file !== best.table.source && report.reasonOf(file) === undefined)
      report.skip(file, `not read, because ${basename(best.table.source)} describes more ${kind.entity}s`);
  return readTable(context, kind, best, ids);
}

/** The table that describes more of the items by a map of their identifiers than without one. Undefined if there is none. */
async function mappedCandidate(
  context: TableContext,
  kind: TableKind,
  files: readonly string[],
  ids: readonly string[],
  matches: number,
): Promise<Candidate | undefined> {
  let best: Candidate | undefined;
  for (const map of await identifierMaps(context, ids))
    for (const file of files.filter((file) => file !== map.file)) {
      const found = await candidateOf(context, kind, file, map.ids);
      if (found.kind === "candidate" && found.matches > (best?.matches ?? matches)) best = { ...found, map };
    }
  return best;
}

/** A file as a table that describes identifiers, unless it is none. */
async function candidateOf(
  context: TableContext,
  kind: TableKind,
  file: string,
  ids: readonly string[],
): Promise<Candidate | NoCandidate> {
  const table = await openTable(file, namedColumns(kind.named));
  if (!table) return none("not read: no table with a header");
  const found = await describing(context, kind, table, new Set(ids));
  if (found.kind === "none") return found;
  const isChance = !isNamedForItems(file) && kind.entity === "item" && 2 * found.matches < ids.length;
  return isChance ? none("not read: no column has the identifiers of half of the items") : found;
}

/** A table as one that describes identifiers, unless it is none. */
async function describing(
  { settings }: ReportContext,
  { entity, named, usualNames, textColumns, textFlag }: TableKind,
  table: Table,
  ids: ReadonlySet<string>,
): Promise<Candidate | NoCandidate> {
  const { columns } = table;
  if (entity === "item" && named.id === undefined && isCertainLogHeader(columns, settings.columns ?? {}))
    return none("not read: events, not items");
  const absent = absentColumns(columns, named);
  if (absent.length > 0) return none(`not read: no column ${absent.join(", ")}`);
  const texts = textColumns(columns, named);
  if (!hasTexts(texts)) {
    const wanted = entity === "item" ? "no title and no text" : "no text";
    const isHeaderless = entity === "item" && columns.some((column) => /^\d+$/.test(column));
    const advice = isHeaderless
      ? "without a header, --item-id 1 --item-title 2 name columns by number"
      : `${textFlag} names columns`;
    return none(`not read: ${wanted} among ${someOf(columns, shownColumns)} (${advice})`);
  }
  const candidates = named.id === undefined ? columns : [named.id];
  const ignoreInvalidLines = settings.onInvalidLine === "skip";
  const found = await findIdentifierColumn(table, ids, { usualNames, candidates, ignoreInvalidLines });
  if (!found) return none(`not read: no column has identifiers of the ${entity}s`);
  return { kind: "candidate", table, texts: textColumns(columns, { ...named, id: found.column }), ...found };
}

async function readTable(
  { settings, report }: ReportContext,
  { entity }: TableKind,
  { table, texts, map, ...identifier }: Candidate,
  interactionIds: readonly string[],
): Promise<DescribedTable> {
  const { source } = table;
  const { column, isDecimal } = identifier;
  const ids = map?.ids ?? interactionIds;
  if (map) report.add(map.file, "identifiers of items", `${map.from} of the interactions as ${map.to}`);
  const invalid = collectInvalidLines(source, settings);
  const identifying = [...texts.titles, ...texts.descriptions, column];
  const kept =
    entity === "item" ? table.columns.filter((name) => name !== "" && !identifying.includes(name)) : [];
  const described = await readDescribed(table, { identifier, ids, texts, kept }, invalid.handler);
  invalid.report();
  const { attributes, rows, found, firstMissing, unknownRows, repeatedRows } = described;
  if (firstMissing !== undefined) {
    const message = `no row about ${entity} ${JSON.stringify(firstMissing)} of the interactions`;
    settings.onWarning({ source, message, count: ids.length - found });
  }
  const own = makeItemColumns(rows, {
    names: kept,
    tags: texts.tags,
    ...(table.wordColumns && { words: table.wordColumns }),
  });
  const used = textColumnsOf(texts);
  const isOther = (name: string) => name !== "" && name !== column && !used.includes(name);
  const filters = table.columns.filter((name) => isOther(name) && Object.hasOwn(own, name));
  const otherColumns = table.columns.filter((name) => isOther(name) && !filters.includes(name));
  const columns = [
    `${column} (identifier${isDecimal ? ", 1.0 read as 1" : ""})`,
    ...used.map((name) => (texts.titles.includes(name) ? `${name} (name)` : name)),
    ...filters.map((name) => `${name} (filter)`),
  ];
  report.add(
    source,
    `${entity}s`,
    `${formatCount(found)} of ${formatCount(ids.length)} ${entity}s: ${someOf(columns, shownColumns)}`,
    [
      ...(unknownRows > 0 ? [`${countedRows(unknownRows)} about ${entity}s without interactions`] : []),
      ...(repeatedRows > 0 ? [`${countedRows(repeatedRows)} repeated`] : []),
      ...(otherColumns.length > 0 ? [`columns ${someOf(otherColumns, shownColumns)}`] : []),
    ],
  );
  return { attributes, columns: entity === "item" ? withYears(own, attributes) : own };
}

function countedRows(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "row" : "rows"}`;
}

/** @throws InvalidDataError if options name columns, and no table has them. */
async function assertNoneNamed(
  { folder }: FolderListing,
  { entity, named }: TableKind,
  files: readonly string[],
): Promise<void> {
  if (Object.values(named).every((name) => name === undefined)) return;
  const tables = [];
  for (const file of files) {
    const { columns } = (await openTable(file, namedColumns(named))) ?? {};
    tables.push(columns ? `${basename(file)} (${columns.join(", ")})` : basename(file));
  }
  const names = tables.join(", ");
  const actual = `no table of ${entity}s with the columns ${JSON.stringify(named)}`;
  const expected = `columns of one of ${names === "" ? "the folder's tables (there are none)" : names}`;
  throw new InvalidDataError({ source: folder, actual, expected });
}
