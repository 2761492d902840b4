import { expect, it } from "vitest";
import { counted } from "./counted";

it("has one thing in the singular, and any other number in the plural", () => {
  const counts = [0, 1, 2, 1000];
  expect(counts.map((count) => counted(count, "user"))).toEqual([
    "0 users",
    "1 user",
    "2 users",
    "1,000 users",
  ]);
});
