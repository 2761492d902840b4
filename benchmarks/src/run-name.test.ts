import { describe, expect, it } from "vitest";
import { runName } from "./run-name";

const run = { settings: "default", options: { dropout: 0.5, layers: 1 }, beta: undefined, epochs: 9 };

describe("the name of a run", () => {
  it("is the same for the same run, in whatever order its options were given", () => {
    const other = { epochs: 9, options: { layers: 1, dropout: 0.5 }, settings: "default" };
    expect(runName("mddm", 6, other)).toBe(runName("mddm", 6, run));
    expect(runName("mddm", 6, run)).toMatch(/^mddm-6-[0-9a-f]{8}$/);
  });

  it.each([{ epochs: 3 }, { settings: "yelp" }, { beta: 0.4 }, { options: { dropout: 0.4, layers: 1 } }])(
    "is another one with %j",
    (changed) => {
      expect(runName("mddm", 6, { ...run, ...changed })).not.toBe(runName("mddm", 6, run));
    },
  );
});
