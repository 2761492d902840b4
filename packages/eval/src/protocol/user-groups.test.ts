import { InvalidOptionsError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluateRanking } from "./evaluate-ranking";
import { groupByActivity } from "./user-groups";

const data = syntheticCatalogue({ users: 80, items: 60, embeddingWidth: 2 });
const score = async (users: Int32Array) =>
  Float32Array.from({ length: users.length * data.itemCount }, (_, index) => Math.sin(index));
const report = await evaluateRanking({ score, data, part: "test" });

it("puts every evaluated user into one group, by rising activity, with means that make up the whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
      const groups = groupByActivity(report, data.train, count);
      expect(groups.length).toBeLessThanOrEqual(count);
      expect(groups.reduce((sum, { users }) => sum + users, 0)).toBe(report.evaluatedUsers.length);
      for (const [index, { least }] of groups.slice(1).entries())
        expect(least).toBeGreaterThan(groups[index].most);
      const whole =
        groups.reduce((sum, { users, metrics }) => sum + users * metrics["recall@20"], 0) /
        report.evaluatedUsers.length;
      expect(whole).toBeCloseTo(report.metrics["recall@20"], 12);
    }),
  );
  expect(() => groupByActivity(report, data.train, 0)).toThrow(InvalidOptionsError);
});
