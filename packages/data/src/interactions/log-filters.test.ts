import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distinctEvents } from "./distinct-events";
import type { InteractionLog } from "./interaction-log";
import { kCore } from "./k-core";
import { toImplicit } from "./to-implicit";

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
  it("leaves the most that can be left: every user or item taken away has a reason in those taken before", () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 4 }), (pairs, k) => {
        const kept = new Set(kCore(logOf(pairs), k).lines);
        let rest = pairs.map(([user, item], event) => ({ user, item, line: event + 2 }));
        for (;;) {
          const weak = rest.find(
            ({ user, item }) =>
              rest.filter((other) => other.user === user).length < k ||
              rest.filter((other) => other.item === item).length < k,
          );
          if (!weak) break;
          rest = rest.filter((event) => event !== weak);
        }
        expect(new Set(rest.map(({ line }) => line))).toEqual(kept);
      }),
    );
  });

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
    const { log: kept, belowThreshold, firstLine } = toImplicit(log, 3);
    expect([...kept.users]).toEqual([1, 2]);
    expect([belowThreshold, firstLine]).toEqual([1, 2]);
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

  it("leaves each pair once, with its latest time, and is where the first repetition is", () => {
    fc.assert(
      fc.property(events, fc.boolean(), fc.infiniteStream(fc.nat(3)), (pairs, isTimed, stream) => {
        const timestamps = Float64Array.from(pairs, () => (isTimed ? stream.next().value : 0));
        const log = logOf(pairs, isTimed ? { timestamps } : {});
        const best = new Map<string, number>();
        let firstLine: number | undefined;
        pairs.forEach((pair, event) => {
          const earlier = best.get(String(pair));
          if (earlier !== undefined) firstLine ??= event + 2;
          if (earlier === undefined || timestamps[event] >= timestamps[earlier])
            best.set(String(pair), event);
        });
        const distinct = distinctEvents(log);
        const lines = [...best.values()].map((event) => event + 2).sort((a, b) => a - b);
        expect([...distinct.log.lines]).toEqual(lines);
        expect(distinct.duplicates).toBe(pairs.length - best.size);
        expect(distinct.firstLine).toBe(firstLine);
      }),
    );
  });
});
