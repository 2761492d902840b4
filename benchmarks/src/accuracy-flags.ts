import { availableParallelism } from "node:os";
import { parseOptions } from "@dmrec/core";
import { Command } from "commander";
import { type ModelZoo, settingsNames } from "dmrec";
import { z } from "zod";
import { embeddingSources } from "./accuracy-task";
import { integer, list, nonnegativeNumber, numbersOf, positiveInteger } from "./list";

/** The command `bench:accuracy` for the models of a zoo. */
export function accuracyCommand(zoo: ModelZoo): Command {
  return new Command("bench:accuracy")
    .description("Train models over seeds on a folder of data and report their accuracy on its test part.")
    .requiredOption("--data <folder>", "the dataset")
    .option("--base <name>", `one of ${zoo.baseNames.join(", ")}`, zoo.baseNames[0])
    .option(
      "--settings <dataset>",
      `dataset whose published settings apply: ${settingsNames.join(", ")}`,
      "default",
    )
    .option(
      "--embeddings <source>",
      "given: those of the folder; of its profiles: default, by the default encoder, or use-lite",
      "given",
    )
    .option(
      "--models <names>",
      `some of ${zoo.modelNames.join(", ")} (default: the base model and the strategies of the paper; without embeddings base)`,
    )
    .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
    .option("--beta <list>", "weights of the match other than the published ones, e.g. godm=0.5,mddm=0.4")
    .option("--kl-weight <number>", "weight of the base model's KL other than the published one")
    .option(
      "--softmax-samples <count>",
      "items drawn in each step for the softmax of Mult-VAE's loss (default: all)",
    )
    .option("--epochs <count>", "maximum number of epochs of a run", "1000")
    .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()))
    .option(
      "--runs <folder>",
      "folder of the runs: the same command continues them and repeats no finished one",
      "runs/accuracy",
    );
}

/** Checks the flags of `bench:accuracy`. */
export function parseAccuracyFlags(zoo: ModelZoo, command: Command) {
  const model = z.enum([...zoo.modelNames]);
  const schema = z
    .object({
      data: z.string(),
      base: z.enum([...zoo.baseNames]),
      settings: z.enum(settingsNames),
      embeddings: z.enum(embeddingSources),
      models: list(model).optional(),
      seeds: list(integer),
      beta: numbersOf(model, nonnegativeNumber).optional(),
      klWeight: nonnegativeNumber.optional(),
      softmaxSamples: positiveInteger.optional(),
      epochs: positiveInteger,
      jobs: positiveInteger,
      runs: z.string(),
    })
    .refine(({ base, softmaxSamples }) => softmaxSamples === undefined || base === "mult-vae", {
      path: ["softmaxSamples"],
      error: "only Mult-VAE has such a softmax: leave it out, or set --base mult-vae",
    });
  return parseOptions("bench:accuracy", schema, command.opts());
}
