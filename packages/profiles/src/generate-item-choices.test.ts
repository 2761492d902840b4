import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { generateItemChoices } from "./generate-item-choices";
import { ProfileRunError } from "./run/profile-run-error";
import { profile, type ServerReply, text } from "./testing/openai-server";
import { withService } from "./testing/with-service";

const items = ["Emma", "Dune", "Ulysses", "Persuasion", "Foundation"].map((title) => ({ title }));
const train = asTrainingSplit(
  interactionMatrix({
    userCount: 3,
    itemCount: 5,
    users: Int32Array.of(0, 1, 2),
    items: Int32Array.of(0, 1, 2),
  }),
);
const candidates = [
  [4, 3, 2],
  [0, 4],
  [3, 4, 0, 1],
];
const choice = (liked: unknown, disliked: unknown): ServerReply => text(JSON.stringify({ liked, disliked }));

const dataSchema = z.strictObject({
  history: z.array(z.strictObject({ title: z.string() })),
  candidates: z.array(
    z.strictObject({
      number: z.int(),
      title: z.string().optional(),
      profile: z.string().optional(),
      description: z.string().optional(),
    }),
  ),
});
const userOf = (data: unknown) =>
  items.findIndex(({ title }) => title === dataSchema.parse(data).history[0].title);

describe.concurrent("generateItemChoices", () => {
  it("gives each user the items of the numbers that the model chose, and pays nothing twice", () =>
    withService(
      ({ data }) => [choice(2, 1), choice(1, 2), choice(1, 4)][userOf(data)],
      async ({ run, server, store }) => {
        const options = { ...run, train, items, candidates };
        const { choices, report } = await generateItemChoices(options);
        expect(choices).toEqual([
          { liked: 3, disliked: 4 },
          { liked: 0, disliked: 4 },
          { liked: 3, disliked: 1 },
        ]);
        expect(report).toMatchObject({ total: 3, ok: 3, calls: 3, failed: [] });
        const again = await generateItemChoices(options);
        expect(again.choices).toEqual(choices);
        expect(again.report).toMatchObject({ calls: 0, fromStore: 3 });
        expect(server.calls).toHaveLength(3);
        expect(store.profiles("default", "user").size).toBe(0);
      },
    ));

  it("shows the history and the numbered candidates, and names the bounds of the numbers", () =>
    withService(
      () => choice(1, 2),
      async ({ run, server }) => {
        const itemProfiles = items.map((_, item) =>
          item === 3 ? ({ status: "ok", summary: "For the patient.", reasoning: "" } as const) : undefined,
        );
        await generateItemChoices({ ...run, train, items, itemProfiles, candidates, domain: "books" });
        const call = server.calls.find(({ data }) => userOf(data) === 0);
        expect(call?.data).toEqual({
          history: [{ title: "Emma" }],
          candidates: [
            { number: 1, title: "Foundation" },
            { number: 2, title: "Persuasion", profile: "For the patient." },
            { number: 3, title: "Ulysses" },
          ],
        });
        expect(call?.system).toMatch(/what a reader would like.*from 1 to 3/s);
        expect(call?.system).not.toMatch(/sufficient|undefined|\[object/);
      },
    ));

  it.each([
    ["a number above the candidates'", choice(3, 1), /liked/],
    ["zero", choice(1, 0), /disliked/],
    ["a fraction", choice(1.5, 1), /whole number from 1 to 2/],
    ["the same number twice", choice(2, 2), /another candidate/],
    ["a title", choice("Emma", "Foundation"), /liked/],
    ["one number alone", text('{"liked": 1}'), /disliked/],
    ["a profile", profile("Fond of wit."), /liked/],
  ])("asks again after %s, and says why", (_, reply, problem) =>
    withService(
      ({ data, earlier }) => (userOf(data) === 1 && earlier === 0 ? reply : choice(2, 1)),
      async ({ run, server }) => {
        const { choices, report } = await generateItemChoices({ ...run, train, items, candidates });
        expect(choices[1]).toEqual({ liked: 4, disliked: 0 });
        expect(report).toMatchObject({ ok: 3, calls: 4 });
        expect(server.calls.filter(({ earlier }) => earlier === 1).map(({ prompt }) => prompt)).toEqual([
          expect.stringMatching(problem),
        ]);
      },
    ),
  );

  it("gives no choice to a user for whom no reply fits, and says so", () =>
    withService(
      ({ data }) => (userOf(data) === 1 ? choice(1, 1) : choice(1, 2)),
      async ({ run }) => {
        const { choices, report } = await generateItemChoices({
          ...run,
          train,
          items,
          candidates,
          userIds: ["ada", "ben", "cleo"],
        });
        expect(choices.map((one) => one !== undefined)).toEqual([true, false, true]);
        expect(report.failed).toEqual([
          { id: "ben", reason: "unreadable", message: expect.stringMatching(/another candidate/) },
        ]);
      },
    ));

  it("asks nothing about users without a known history or two known candidates", () =>
    withService(
      () => choice(1, 2),
      async ({ run, server }) => {
        const few = items.map((item, index) => (index === 0 || index === 3 ? {} : item));
        const { choices, report } = await generateItemChoices({
          ...run,
          train,
          items: few,
          candidates: [
            [4, 1],
            [0, 4, 3],
            [3, 4, 0, 1],
          ],
        });
        // User 0 has read nothing that is known; of user 1's candidates one is known.
        expect(choices).toEqual([undefined, undefined, { liked: 4, disliked: 1 }]);
        expect(report).toMatchObject({ insufficient: 2, ok: 1, calls: 1 });
        expect(server.calls).toHaveLength(1);
      },
    ));

  it("asks again if candidates have changed, and estimates that without a call", () =>
    withService(
      () => choice(1, 2),
      async ({ run }) => {
        await generateItemChoices({ ...run, train, items, candidates });
        const changed = [[2, 3, 4], ...candidates.slice(1)];
        const dry = await generateItemChoices({ ...run, train, items, candidates: changed, dryRun: true });
        expect(dry.report).toMatchObject({ stale: 1, open: 1, calls: 0 });
        expect(dry.choices[0]).toBeUndefined();
        const { choices } = await generateItemChoices({ ...run, train, items, candidates: changed });
        expect(choices[0]).toEqual({ liked: 2, disliked: 3 });
      },
    ));

  it("stops at the ceiling of the store's costs", () =>
    withService(
      () => choice(1, 2),
      async ({ run, server }) => {
        const prices = { inputPerMillion: 1, outputPerMillion: 1 };
        const stopped = generateItemChoices({ ...run, train, items, candidates, prices, maxCost: 1e-6 });
        await expect(stopped).rejects.toSatisfy(ProfileRunError.isInstance);
        expect(server.calls).toHaveLength(0);
      },
    ));

  it("refuses lists that fit no user or hold no items", () =>
    withService(
      () => choice(1, 2),
      async ({ run }) => {
        const generate = (lists: readonly (readonly number[])[]) =>
          generateItemChoices({ ...run, train, items, candidates: lists });
        const domain: "books" = JSON.parse('"shops"');
        const strange = generateItemChoices({ ...run, train, items, candidates, domain });
        await expect(strange).rejects.toThrow(/domain/);
        const nameless = generateItemChoices({ ...run, train, items, candidates, collection: "" });
        await expect(nameless).rejects.toThrow(/collection/);
        await expect(generate([[0, 1]])).rejects.toThrow(/candidates: 1 lists; expected 3/);
        await expect(generate([[0, 5], [], []])).rejects.toThrow(
          /candidates\.0: item 5; expected an index from 0 to 4/,
        );
        await expect(generate([[], [1, 1], []])).rejects.toThrow(/candidates\.1: an item twice/);
      },
    ));
});
