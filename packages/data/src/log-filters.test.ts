import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distinctEvents } from "./duplicate-events";
import type { InteractionLog } from "./formats/interaction-log";
import { toImplicit } from "./implicit-feedback";
import { kCore } from "./k-core";

const logOf = (
  events: readonly (readonly [number, number])[],
  extra: Partial<InteractionLog> = {},
): InteractionLog => ({
  source: "log",
  userIds: ["a", "b", "c", "d"],
  itemIds: ["v", "w", "x", "y", "z"],
  users: Int32Array.from(events, ([user]) => user),
  items: Int32Array.from(events, ([, item]) => item),
  lines: Int32Array.from(events.keys(), (event) => event + 2),
  ...extra,
});

const events = fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 40 });

describe("kCore", () => {
  it("leaves users and items with at least k events, and no one else's identifier", () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 4 }), (pairs, k) => {
        const core = kCore(logOf(pairs), k);
        for (const [indices, ids] of [
          [core.users, core.userIds],
          [core.items, core.itemIds],
        ] as const) {
          const counts = ids.map((_, index) => indices.filter((other) => other === index).length);
          expect(counts.every((count) => count >= k)).toBe(true);
        }
      }),
    );
  });

  it("is the largest such part: what it leaves out falls in turn", () => {
    const chain = logOf([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
      [3, 3],
      [3, 4],
      [2, 3],
      [2, 4],
    ]);
    // User a's items v and w fall with k = 2 through v, then b through w; c and d hold y and z together.
    const core = kCore(chain, 2);
    expect(core.userIds).toEqual(["c", "d"]);
    expect(core.itemIds).toEqual(["y", "z"]);
    expect([...core.lines]).toEqual([7, 8, 9, 10]);
    expect(kCore(chain, 0)).toBe(chain);
  });
});

describe("toImplicit", () => {
  it("keeps events rated at least as high as the threshold", () => {
    const log = logOf(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      { ratings: Float32Array.of(2.5, 3, 5) },
    );
    const { log: kept, belowThreshold } = toImplicit(log, 3);
    expect([...kept.users]).toEqual([1, 2]);
    expect(belowThreshold).toBe(1);
    const unrated = logOf([[0, 0]]);
    expect(toImplicit(unrated, 3)).toEqual({ log: unrated, belowThreshold: 0 });
  });
});

describe("distinctEvents", () => {
  it("keeps the latest of repeated events and says where the first repetition stands", () => {
    const log = logOf(
      [
        [0, 0],
        [0, 0],
        [1, 0],
      ],
      { timestamps: Float64Array.of(9, 5, 7) },
    );
    const { log: kept, duplicates, firstLine } = distinctEvents(log);
    expect([...(kept.timestamps ?? [])]).toEqual([9, 7]);
    expect([duplicates, firstLine]).toEqual([1, 3]);
  });

  it("leaves each pair once", () => {
    fc.assert(
      fc.property(events, (pairs) => {
        const { log, duplicates } = distinctEvents(logOf(pairs));
        const distinct = new Set(pairs.map(([user, item]) => user * 5 + item)).size;
        expect(log.users.length).toBe(distinct);
        expect(duplicates).toBe(pairs.length - distinct);
      }),
    );
  });
});
