import { type InteractionMatrix, InvalidOptionsError, type RankingReport } from "@dmrec/core";

/** Users of like training activity, and the metrics among them. */
export interface UserGroup {
  /** The fewest and the most training interactions in the group. */
  readonly least: number;
  readonly most: number;
  readonly users: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * A report's metrics by the users' activity: the evaluated users in `count` groups of about equal size, from the least
 * to the most training interactions. Users of equal activity stay together, so there may be fewer groups.
 *
 * @throws InvalidOptionsError where `count` is no positive integer.
 */
export function groupByActivity(
  { evaluatedUsers, perUser }: RankingReport,
  train: InteractionMatrix,
  count: number,
): UserGroup[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidOptionsError("groupByActivity", [
      { path: "count", message: `${count}; expected a positive integer` },
    ]);
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
