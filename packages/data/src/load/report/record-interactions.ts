import { type FileInteractions, isLog } from "../read/read-interactions";
import { areDecimals } from "../whole-identifiers";
import { type FolderReport, formatCount } from "./folder-report";

/** Records a file of interactions, as it was read. */
export function recordInteractions(
  report: FolderReport,
  file: string,
  holds: string,
  read: FileInteractions,
): void {
  if (!isLog(read)) {
    report.add(file, holds, `${formatCount(read.users.length)} interactions by index`);
    return;
  }
  const { users, userIds, itemIds, ratings, timestamps } = read;
  const others = [...(ratings ? ["ratings"] : []), ...(timestamps ? ["times"] : [])];
  const counts = `${formatCount(users.length)} events of ${formatCount(userIds.length)} users and ${formatCount(itemIds.length)} items`;
  const decimals = [...(areDecimals(userIds) ? ["users"] : []), ...(areDecimals(itemIds) ? ["items"] : [])];
  const whole = decimals.length > 0 ? `; ${decimals.join(" and ")} such as 1.0 are read as 1` : "";
  report.add(
    file,
    holds,
    `${others.length > 0 ? `${counts}, with ${others.join(" and ")}` : counts}${whole}`,
  );
}
