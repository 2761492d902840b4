import { InvalidDataError, InvalidOptionsError, RandomGenerator, type SplitDataset } from "@dmrec/core";
import { itemsOf, syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { recall } from "../metrics/recall";
import { evaluateRanking } from "./evaluate-ranking";
import type { EvaluateRankingOptions } from "./evaluation-options";

const data = syntheticCatalogue({ users: 40, items: 50, embeddingWidth: 2 });
const scores = RandomGenerator.fromSeed(1).fillNormal(new Float32Array(data.userCount * data.itemCount));
const rowOf = (user: number) => scores.slice(user * data.itemCount, (user + 1) * data.itemCount);
const scoreBy = (transform: (value: number) => number) => async (users: Int32Array) =>
  Float32Array.from(Array.from(users, (user) => [...rowOf(user)].map(transform)).flat());
const plain = scoreBy((value) => value);

describe("evaluateRanking", () => {
  it("does not depend on monotone transforms, batches or the order of users", async () => {
    const options = { data, part: "test", cutoffs: [5, 20] } as const;
    const expected = await evaluateRanking({ ...options, score: plain });
    const stretched = await evaluateRanking({
      ...options,
      score: scoreBy((value) => 3 * value + 1),
      batchSize: 3,
    });
    expect(stretched.metrics).toEqual(expected.metrics);
    expect(stretched.rankings).toEqual(expected.rankings);
  });

  it("ranks neither training items nor, when told to, validation items, and the rest in full", async () => {
    const whole = { data, part: "test", cutoffs: [data.itemCount] } as const;
    const train = await evaluateRanking({ ...whole, score: plain });
    const both = await evaluateRanking({ ...whole, score: plain, excludeSeen: "train-and-validation" });
    train.evaluatedUsers.forEach((user, index) => {
      const [known, seen] = [new Set(itemsOf(data.train, user)), new Set(itemsOf(data.validation, user))];
      expect(train.rankings[index].length).toBe(data.itemCount - known.size);
      expect(train.rankings[index].some((item) => known.has(item))).toBe(false);
      expect(both.rankings[index].some((item) => known.has(item) || seen.has(item))).toBe(false);
    });
    expect(train.metrics[`recall@${data.itemCount}`]).toBe(1);
  });

  it("leaves out users without items in the part, and reports each of the others", async () => {
    const asked: number[] = [];
    const score = (users: Int32Array) => {
      asked.push(...users);
      return plain(users);
    };
    const report = await evaluateRanking({ score, data, part: "test", cutoffs: [10] });
    const expected = Array.from({ length: data.userCount }, (_, user) => user).filter(
      (user) => itemsOf(data.test, user).length > 0,
    );
    expect(asked).toEqual(expected);
    expect([...report.evaluatedUsers]).toEqual(expected);
    const values = report.perUser["recall@10"];
    expect(report.metrics["recall@10"]).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0) / values.length,
      12,
    );
  });

  it("refuses scores that are NaN, naming user and item", async () => {
    const score = async (users: Int32Array) => (await plain(users)).fill(Number.NaN, 3, 4);
    const failure: unknown = await evaluateRanking({ score, data, part: "test" }).catch(
      (error: unknown) => error,
    );
    expect(InvalidDataError.isInstance(failure)).toBe(true);
    expect(String(failure)).toMatch(/scores, user \d+, item 3: NaN/);
  });

  it("refuses a part without items", async () => {
    const empty: SplitDataset = {
      ...data,
      test: { ...data.test, offsets: new Int32Array(data.userCount + 1), items: new Int32Array() },
    };
    await expect(evaluateRanking({ score: plain, data: empty, part: "test" })).rejects.toThrow(
      InvalidDataError,
    );
  });

  it("refuses options that cannot be, naming them", async () => {
    const wrong: readonly [object, RegExp][] = [
      [{ cutoffs: [0] }, /evaluateRanking: cutoffs\.0: expected positive integers/],
      [{ cutoffs: [] }, /cutoffs: expected at least one/],
      [{ batchSize: 0 }, /batchSize: .*expected a number above 0/],
      [{ batchSize: Number.NaN }, /batchSize: .*NaN/],
      [{ part: "train" }, /part: .*"validation", "test"/],
      [{ metrics: ["recall"] }, /metrics\.0: expected a metric: an object with a name and a function/],
      [{ metrics: [recall, recall] }, /metrics: two metrics of one name/],
      [{ excludeSeen: "test" }, /excludeSeen: .*"train", "train-and-validation"/],
      [{ score: scores }, /score: expected a function/],
      [{ data: undefined }, /data: expected a split dataset/],
      [{ mask: "train" }, /"mask"/],
    ];
    for (const [options, message] of wrong) {
      const failure: unknown = await evaluateRanking({
        score: plain,
        data,
        part: "test",
        ...options,
      }).catch((error: unknown) => error);
      expect(InvalidOptionsError.isInstance(failure), String(failure)).toBe(true);
      expect(String(failure)).toMatch(message);
    }
  });

  it("refuses another number of scores, and metrics that are no numbers", async () => {
    const failureOf = (options: Partial<EvaluateRankingOptions>) =>
      evaluateRanking({ score: plain, data, part: "test", ...options }).catch((error: unknown) => error);
    const few = await failureOf({ batchSize: 2, score: async (users) => (await plain(users)).subarray(1) });
    expect(InvalidDataError.isInstance(few)).toBe(true);
    expect(String(few)).toMatch(/scores: 99 numbers; expected .* 100 numbers: 2 users with 50 items each/);
    const noMetric = { name: "none", perUser: () => Number.NaN };
    expect(String(await failureOf({ metrics: [noMetric] }))).toMatch(/metric none, user \d+: NaN/);
  });
});
