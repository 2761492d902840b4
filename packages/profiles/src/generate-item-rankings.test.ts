import { describe, expect, it } from "vitest";
import { z } from "zod";
import { generateItemRankings } from "./generate-item-rankings";
import type { Profile } from "./profile";
import { type ServerReply, text } from "./testing/openai-server";
import { withService } from "./testing/with-service";

const items = ["Emma", "Dune", "Ulysses", "Persuasion", "Foundation"].map((title) => ({ title }));
const likes = (summary: string): Profile => ({ status: "ok", summary, reasoning: "" });
const userProfiles = [likes("Wit."), likes("Sand."), likes("Words.")];
const retrieved = [
  [4, 3, 2],
  [0, 1],
  [3, 4, 0, 1],
];
const order = (...numbers: unknown[]): ServerReply => text(JSON.stringify({ order: numbers }));

const dataSchema = z.strictObject({
  profile: z.string(),
  items: z.array(z.strictObject({ number: z.int(), title: z.string(), profile: z.string().optional() })),
});
const userOf = (data: unknown) => ["Wit.", "Sand.", "Words."].indexOf(dataSchema.parse(data).profile);

describe.concurrent("generateItemRankings", () => {
  it("orders each user's items as the model did, and pays nothing twice", () =>
    withService(
      ({ data }) => [order(2, 3, 1), order(1, 2), order(4, 1, 3, 2)][userOf(data)],
      async ({ run, server }) => {
        const options = { ...run, userProfiles, items, retrieved };
        const first = await generateItemRankings(options);
        expect(first.retrieved).toEqual([
          [3, 2, 4],
          [0, 1],
          [1, 3, 0, 4],
        ]);
        expect(first.report).toMatchObject({ total: 3, ok: 3, calls: 3, failed: [] });
        const again = await generateItemRankings({ ...options, count: 2 });
        expect(again.retrieved).toEqual([
          [3, 2],
          [0, 1],
          [1, 3],
        ]);
        expect(again.report).toMatchObject({ calls: 0, fromStore: 3 });
        expect(server.calls).toHaveLength(3);
      },
    ));

  it("shows the user's profile and the numbered items, and asks for all numbers", () =>
    withService(
      ({ data }) => [order(1, 2, 3), order(1, 2), order(1, 2, 3, 4)][userOf(data)],
      async ({ run, server }) => {
        const itemProfiles = items.map((_, item) => (item === 3 ? likes("For the patient.") : undefined));
        await generateItemRankings({ ...run, userProfiles, items, itemProfiles, retrieved, domain: "books" });
        const call = server.calls.find(({ data }) => userOf(data) === 0);
        expect(call?.data).toEqual({
          profile: "Wit.",
          items: [
            { number: 1, title: "Foundation" },
            { number: 2, title: "Persuasion", profile: "For the patient." },
            { number: 3, title: "Ulysses" },
          ],
        });
        expect(call?.system).toMatch(/suit a reader.*All numbers from 1 to 3/s);
        expect(call?.system).not.toMatch(/sufficient|undefined|\[object/);
      },
    ));

  it.each([
    ["an order without an item", order(1, 3), /without 2/],
    ["an item twice", order(1, 2, 3, 2), /more often 2/],
    ["a number above the items'", order(1, 2, 4), /whole number from 1 to 3.*without 3/],
    ["titles", order("Emma", "Dune", "Ulysses"), /order/],
    ["an empty order", order(), /without 1, 2, 3/],
  ])("asks again after %s, and says why", (_, reply, problem) =>
    withService(
      ({ earlier }) => (earlier === 0 ? reply : order(3, 1, 2)),
      async ({ run, server }) => {
        const { retrieved: ranked, report } = await generateItemRankings({
          ...run,
          userProfiles: [likes("Wit.")],
          items,
          retrieved: [[4, 3, 2]],
        });
        expect(ranked).toEqual([[2, 4, 3]]);
        expect(report).toMatchObject({ ok: 1, calls: 2 });
        expect(server.calls[1].prompt).toMatch(problem);
      },
    ),
  );

  it("keeps the order of retrieval where the model gives none, and says so", () =>
    withService(
      ({ data }) => (userOf(data) === 0 ? order(1, 1, 1) : order(2, 1)),
      async ({ run }) => {
        const { retrieved: ranked, report } = await generateItemRankings({
          ...run,
          userProfiles: [...userProfiles.slice(0, 2), undefined, likes("Words.")],
          items,
          retrieved: [[4, 3, 2], [0, 1], [3, 4], []],
          userIds: ["ada", "ben", "cleo", "dan"],
        });
        expect(ranked).toEqual([[4, 3, 2], [1, 0], [3, 4], []]);
        expect(report).toMatchObject({ ok: 1, insufficient: 2 });
        expect(report.failed).toEqual([{ id: "ada", reason: "unreadable", message: expect.any(String) }]);
      },
    ));

  it("puts items about which nothing is known after the others", () =>
    withService(
      () => order(2, 1),
      async ({ run }) => {
        const few = items.map((item, index) => (index === 3 ? {} : item));
        const { retrieved: ranked } = await generateItemRankings({
          ...run,
          userProfiles: [likes("Wit.")],
          items: few,
          retrieved: [[3, 4, 2]],
        });
        expect(ranked).toEqual([[2, 4, 3]]);
      },
    ));

  it("refuses lists that fit no user or hold no items", () =>
    withService(
      () => order(1, 2),
      async ({ run }) => {
        const generate = (lists: readonly (readonly number[])[], count?: number) =>
          generateItemRankings({ ...run, userProfiles, items, retrieved: lists, count });
        await expect(generate([[0, 1]])).rejects.toThrow(/retrieved: 1 lists; expected 3/);
        await expect(generate([[0, -1], [], []])).rejects.toThrow(/retrieved\.0: item -1/);
        await expect(generate(retrieved, 0)).rejects.toThrow(/count/);
      },
    ));
});
