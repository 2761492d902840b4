import { InvalidOptionsError } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { generateFurtherProfiles } from "./generate-further-profiles";
import type { Profile } from "./profile";
import { extrapolationDirections, extrapolationInstructions } from "./prompts/extrapolation";
import type { PromptDomain } from "./prompts/prompt-template";
import { ProfileRunError } from "./run/profile-run-error";
import { insufficient, profile, type ServedCall, text } from "./testing/openai-server";
import { withService } from "./testing/with-service";

const likes = (summary: string): Profile => ({ status: "ok", summary, reasoning: "" });
const profiles = [likes("Wit."), likes("Sand."), undefined];

/** A reply that names its direction and its first profile. */
const reply = ({ system, data }: ServedCall) => {
  const direction = /Ask why/.test(system)
    ? "motives"
    : /what is near/.test(system)
      ? "neighbours"
      : "details";
  return profile(`${direction} of ${JSON.stringify(data)}`);
};
const summaries = (all: readonly (Profile | undefined)[]) =>
  all.map((one) => (one?.status === "ok" ? one.summary : one?.status));

describe.concurrent("generateFurtherProfiles", () => {
  it("writes a profile in each of three directions from the first, and pays nothing twice", () =>
    withService(reply, async ({ run, server, store }) => {
      const further = await generateFurtherProfiles({ ...run, entity: "user", profiles });
      expect(further.map(({ direction, profiles }) => [direction, ...summaries(profiles)])).toEqual(
        ["motives", "neighbours", "details"].map((direction) => [
          direction,
          `${direction} of {"profile":"Wit."}`,
          `${direction} of {"profile":"Sand."}`,
          "insufficient",
        ]),
      );
      for (const { report } of further) expect(report).toMatchObject({ ok: 2, insufficient: 1, calls: 2 });
      const again = await generateFurtherProfiles({ ...run, entity: "user", profiles });
      expect(again.map((one) => one.profiles)).toEqual(further.map((one) => one.profiles));
      expect(server.calls).toHaveLength(6);
      expect(store.profiles("default", "user").size).toBe(0);
      expect(store.profiles("default/details", "user").get("1")).toEqual(further[2].profiles[1]);
    }));

  it("has the model reason before it concludes", () =>
    withService(reply, async ({ run, server }) => {
      await generateFurtherProfiles({ ...run, entity: "item", profiles, domain: "books" });
      for (const { system } of server.calls) {
        expect(system).toMatch(/a book for a recommender.*set `sufficient` to false/s);
        const schema = system.slice(system.indexOf('"properties"'));
        expect(schema.indexOf('"reasoning"')).toBeLessThan(schema.indexOf('"summary"'));
      }
    }));

  it("writes them again if the first profile has changed", () =>
    withService(reply, async ({ run }) => {
      await generateFurtherProfiles({ ...run, entity: "user", profiles });
      const changed = [likes("Wit and irony."), ...profiles.slice(1)];
      const dry = await generateFurtherProfiles({ ...run, entity: "user", profiles: changed, dryRun: true });
      for (const { report } of dry) expect(report).toMatchObject({ stale: 1, open: 1, fromStore: 1 });
    }));

  it("asks again for a profile that does not fit, and takes one that says too little is known", () =>
    withService(
      (call) => {
        if (JSON.stringify(call.data).includes("Sand")) return insufficient;
        return call.earlier === 0 ? text('{"summary": "Readers."}') : reply(call);
      },
      async ({ run }) => {
        const [motives] = await generateFurtherProfiles({ ...run, entity: "user", profiles });
        expect(summaries(motives.profiles)).toEqual([
          'motives of {"profile":"Wit."}',
          "insufficient",
          "insufficient",
        ]);
        expect(motives.report).toMatchObject({ calls: 3 });
      },
    ));

  it("stops at the ceiling of the store's costs, over all directions", () =>
    withService(reply, async ({ run, server }) => {
      // A call costs 50, and may cost 700: after four of six calls the fifth may exceed the ceiling.
      const prices = { inputPerMillion: 0, outputPerMillion: 1e6 };
      const generate = (maxCost: number) =>
        generateFurtherProfiles({ ...run, entity: "user", profiles, prices, maxCost, maxParallelCalls: 1 });
      await expect(generate(860)).rejects.toSatisfy(ProfileRunError.isInstance);
      expect(server.calls).toHaveLength(4);
      const further = await generate(10_000);
      expect(further.map(({ report }) => report.cost)).toEqual([0, 0, 100]);
    }));

  it("refuses another entity, and identifiers of another number", () =>
    withService(reply, async ({ run }) => {
      const few = generateFurtherProfiles({ ...run, entity: "user", profiles, ids: ["ada"] });
      await expect(few).rejects.toThrow(/ids: 1 identifiers; expected 3/);
      const entity: "user" = JSON.parse('"shop"');
      const strange = generateFurtherProfiles({ ...run, entity, profiles });
      await expect(strange).rejects.toThrow(InvalidOptionsError);
    }));
});

it("has instructions of its own for each domain, direction and entity", () => {
  const texts = new Set<string>();
  const all: readonly PromptDomain[] = ["neutral", "books", "places", "games", "films", "music"];
  for (const domain of all)
    for (const entity of ["item", "user"] as const)
      for (const direction of extrapolationDirections) {
        const { text } = extrapolationInstructions(domain, entity, direction);
        expect(text).not.toMatch(/undefined|\[object|=>/);
        texts.add(text);
      }
  expect(texts.size).toBe(6 * 2 * 3);
});
