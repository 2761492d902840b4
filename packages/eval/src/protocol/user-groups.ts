import { type InteractionMatrix, invalidOption, type RankingReport } from "@dmrec/core";

/** Users of similar training activity, and their metrics. */
export interface UserGroup {
  /** The fewest and the most training interactions in the group. */
  readonly least: number;
  readonly most: number;
  readonly users: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Groups the metrics of a report by training activity: the evaluated users in `count` groups of about equal size, from the least
 * to the most training interactions. Users of equal activity stay together, so there may be fewer groups.
 *
 * @throws InvalidOptionsError if `count` is not a positive integer.
 * @example
 * groupByActivity(report, data.train, 4).map(({ least, most, metrics }) => [least, most, metrics["recall@20"]]);
 */
export function groupByActivity(
  { evaluatedUsers, perUser }: RankingReport,
  train: InteractionMatrix,
  count: number,
): UserGroup[] {
  if (!Number.isInteger(count) || count < 1) {
    throw invalidOption("groupByActivity.count", `${count}; expected a positive integer`);
  }
  const activity = evaluatedUsers.map((user) => train.offsets[user + 1] - train.offsets[user]);
  const order = [...activity.keys()].sort((a, b) => activity[a] - activity[b]);
  const groups = new Map<number, number[]>();
  let group = 0;
  order.forEach((index, position) => {
    const isTie = position > 0 && activity[index] === activity[order[position - 1]];
    if (!isTie) group = Math.floor((position * count) / order.length);
    const members = groups.get(group) ?? [];
    members.push(index);
    groups.set(group, members);
  });
  return [...groups.values()].map((members) => ({
    least: activity[members[0]],
    most: activity[members[members.length - 1]],
    users: members.length,
    metrics: Object.fromEntries(
      Object.entries(perUser).map(([name, values]) => [
        name,
        members.reduce((sum, index) => sum + values[index], 0) / members.length,
      ]),
    ),
  }));
}
