/**
 * A number of things for people.
 *
 * @example
 * counted(1, "user"); // "1 user"
 * counted(2000, "user"); // "2,000 users"
 */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}
