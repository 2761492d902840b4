import { describe, expect, it } from "vitest";
import * as dmrec from "./index";

describe("the common path", () => {
  it("has the function of every model of the zoo, except for ablations", () => {
    const functions = Object.keys(dmrec).map((name) => name.toLowerCase());
    const { baseModels, strategies, baselines } = dmrec.defaultZoo.rows;
    // AlphaRec* is `alphaRec` with an option.
    for (const { name } of [...baseModels, ...baselines, ...strategies.filter((row) => !row.isAblation)])
      expect(functions).toContain(name.replace(/-user$/, "").replaceAll("-", ""));
  });

  it("has every engine, and an encoder from its fit to its file", () => {
    expect(dmrec).toMatchObject({
      automatic: expect.any(Function),
      compiled: expect.any(Function),
      eager: expect.any(Function),
      fitTfIdfEncoder: expect.any(Function),
      saveTfIdfEncoder: expect.any(Function),
      loadTfIdfEncoder: expect.any(Function),
    });
  });
});
