import type { SplitDataset } from "@dmrec/core";

/** Says that no user has an identifier, with some that users have. */
export function unknownUser(user: string, { name, userIds }: SplitDataset): string {
  const examples = userIds.slice(0, 3).map((id) => JSON.stringify(id));
  return `no user ${JSON.stringify(user)} in ${name}; expected an identifier, such as ${examples.join(", ")}`;
}
