import { popularity } from "@dmrec/baselines";
import { syntheticCatalogue } from "@dmrec/data";
import { mddm } from "@dmrec/matching";
import { describe, expect, it } from "vitest";
import { accuracyCommand, parseAccuracyFlags } from "../../../../benchmarks/src/accuracy-flags";
import { paperRows } from "../../../../benchmarks/src/paper-rows";
import { LinearVae } from "../../../../examples/src/models/linear-vae";
import { compareCommand } from "../cli/compare-flags";
import { contractCases } from "../testing/contract-cases";
import { defaultZoo } from "./default-zoo";
import type { ModelZoo } from "./model-zoo";

/** A zoo with one more model of each kind, a row each. */
const zoo = defaultZoo.with({
  baseModels: [
    {
      name: "further-base",
      title: "Further base",
      description: "a base model of this test",
      needsProfileEmbeddings: false,
      outputWidth: 4,
      published: {
        options: {},
        training: { adam: { learningRate: 0.5 } },
        byDataset: { yelp: { training: { batchSize: 7 } } },
        source: "this test, 2025",
      },
      make: ({ itemCount }) => new LinearVae(itemCount, 4),
      ownOptions: () => ({}),
      klWeight: () => 0.9,
    },
  ],
  strategies: [
    {
      name: "further-strategy",
      title: "Further strategy",
      description: "a strategy of this test",
      isAblation: false,
      beta: { default: 0.1, byDataset: { yelp: 0.2 }, source: "β: this test" },
      make: ({ beta }) => mddm({ beta }),
    },
  ],
  baselines: [
    {
      name: "further-baseline",
      title: "Further baseline",
      description: "a baseline of this test",
      needsProfileEmbeddings: false,
      published: { options: {}, training: {}, source: "this test" },
      make: ({ train }) => popularity(train),
      ownOptions: () => ({}),
    },
  ],
});
const erased: ModelZoo = zoo;

describe("a further base model, strategy and baseline", () => {
  it("are choices of the command, and in its help", async () => {
    const parse = async (...words: string[]) => {
      let flags: unknown;
      const command = compareCommand(erased, async (given) => {
        flags = given;
      });
      await command.exitOverride().parseAsync(words, { from: "user" });
      return flags;
    };
    expect(
      await parse("--base", "further-base", "--models", "further-strategy,further-baseline"),
    ).toMatchObject({ base: "further-base", models: ["further-strategy", "further-baseline"] });
    const command = compareCommand(erased, async () => {});
    expect(command.helpInformation()).toContain("further-base");
    // The short help shows the beginning of long lists.
    const models = command.options.find(({ long }) => long === "--models");
    for (const name of ["further-strategy", "further-baseline"]) expect(models?.description).toContain(name);
  });

  it("have published settings", () => {
    expect(zoo.publishedSettings("further-base", "further-strategy", "yelp")).toEqual({
      options: {},
      training: { adam: { learningRate: 0.5 }, batchSize: 7 },
      klWeight: 0.9,
      beta: 0.2,
      source: "this test, 2025; β: this test",
    });
    expect(zoo.publishedSettings("cvga", "further-strategy").beta).toBe(0.1);
    expect(zoo.publishedSettings("further-baseline").source).toBe("this test");
  });

  it("are in the benchmarks", () => {
    const words = [
      "--data",
      "folder",
      "--base",
      "further-base",
      "--models",
      "further-strategy,further-baseline",
    ];
    const command = accuracyCommand(erased).parse(words, { from: "user" });
    expect(parseAccuracyFlags(erased, command)).toMatchObject({
      base: "further-base",
      models: ["further-strategy", "further-baseline"],
    });
    const rows = paperRows(erased).map(({ label, model }) => [label, model.base, model.name]);
    expect(rows).toContainEqual(["Further base", "further-base", "base"]);
    expect(rows).toContainEqual(["Further base", "further-base", "further-strategy"]);
    expect(rows).toContainEqual(["Mult-VAE", "mult-vae", "further-strategy"]);
    expect(rows).toContainEqual(["Further baseline", undefined, "further-baseline"]);
  });

  it("are in the contract suite", () => {
    const data = syntheticCatalogue({ users: 20, items: 20, embeddingWidth: 4 });
    const cases = new Map(contractCases(erased, data).map(({ name, make }) => [name, make]));
    expect(cases.get("further-base")?.().name).toBe("linear-vae");
    expect(cases.get("further-base with godm, decoding the sum posterior")?.().name).toBe("linear-vae+godm");
    expect(cases.has("cvga with further-strategy, decoding the collaborative posterior")).toBe(true);
    expect(cases.has("further-base with further-strategy, decoding the sum posterior")).toBe(true);
    expect(cases.get("further-baseline")?.().name).toBe("popularity");
  });
});
