import type { FileRecord } from "@dmrec/data";
import Table from "cli-table3";

/** The most names of files that are not read. */
const maximumNames = 8;

/** A table of a folder's files: what they hold, and what was read and left out. */
export function filesTable(files: readonly FileRecord[]): string {
  const table = new Table({
    head: ["file", "holds", "read", "left out"],
    style: { head: [], border: [] },
    colWidths: [null, null, 44, 40],
    wordWrap: true,
  });
  const isExplained = ({ holds, read }: FileRecord) => holds !== undefined || read !== undefined;
  for (const { file, holds = "", read = "", leftOut = "" } of files.filter(isExplained))
    table.push([file, holds, read, leftOut]);
  const others = files.filter((record) => !isExplained(record)).map(({ file }) => file);
  if (others.length === 0) return table.toString();
  const more = others.length > maximumNames ? ` and ${others.length - maximumNames} more` : "";
  return `${table}\nNot read: ${others.slice(0, maximumNames).join(", ")}${more}`;
}
