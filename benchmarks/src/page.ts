// The page in Chromium: time to the first recommendation and frames a second; a table, and JSON as the last line.
import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { startService } from "@dmrec/server";
import { loadRecommender } from "@dmrec/serving";
import { createTrainer } from "@dmrec/trainer";
import { writePage } from "@dmrec/web";
import Table from "cli-table3";
import { Command } from "commander";
import { createModel, embedDataset } from "dmrec";
import { z } from "zod";
import { runCommand } from "./interruption";
import { positiveInteger } from "./list";
import { timeToFirst, visitPage } from "./page/visit";
import { median, rounded } from "./speed/statistics";

const flagsSchema = z.object({
  items: positiveInteger,
  users: positiveInteger,
  visits: positiveInteger,
  chromium: z.string(),
});

const program = new Command("bench:page")
  .description("Write the page of a large catalogue and visit it in Chromium, each time with empty caches.")
  .option("--items <count>", "items of the catalogue", "10000")
  .option("--users <count>", "users of the training data", "3000")
  .option("--visits <count>", "visits", "5")
  .option("--chromium <file>", "the browser", process.env.CHROMIUM ?? "/usr/bin/chromium");

async function main(): Promise<void> {
  const flags = parseOptions("bench:page", flagsSchema, program.parse().opts());
  const folder = await mkdtemp(join(tmpdir(), "dmrec-page-"));
  try {
    const written = await writeLargePage(folder, flags);
    await using service = await servePage(join(folder, "page"));
    await using lightService = await servePage(join(folder, "light"));
    const table = new Table({
      head: [
        "visit",
        "first 10, ms",
        "model answers, ms",
        "narrow model, ms",
        "typing, frames/s",
        "p95 ms",
        "moving, frames/s",
        "p95 ms",
      ],
    });
    const visits = [];
    for (let visit = 1; visit <= flags.visits; visit += 1) {
      const { first, typing, moving } = await visitPage(service.url, flags.chromium);
      const { answeredMs: lightMs } = await timeToFirst(lightService.url, flags.chromium);
      visits.push({ ...first, lightMs, typing, moving });
      const smooth = [typing, moving].flatMap(({ framesASecond, p95Ms }) => [framesASecond, p95Ms]);
      const times = [first.listedMs, first.answeredMs, lightMs].map((time) => time.toFixed(0));
      table.push([visit, ...times, ...smooth.map((value) => value.toFixed(1))]);
    }
    console.log(
      `${flags.items} items, a model of ${written.modelMb.toFixed(1)} MB, and one of ${written.lightMb.toFixed(1)} MB to leave it aside; the page was written in ${written.seconds.toFixed(1)} s, ${written.exportSeconds.toFixed(1)} of them for its model`,
    );
    console.log(table.toString());
    console.log(
      JSON.stringify({
        items: flags.items,
        writeSeconds: rounded(written.seconds),
        exportSeconds: rounded(written.exportSeconds),
        modelMb: rounded(written.modelMb),
        lightMb: rounded(written.lightMb),
        firstMs: rounded(median(visits.map(({ listedMs }) => listedMs))),
        answerMs: rounded(median(visits.map(({ answeredMs }) => answeredMs))),
        modelAsideMs: rounded(median(visits.map(({ lightMs }) => lightMs))),
        typingFramesASecond: rounded(median(visits.map(({ typing }) => typing.framesASecond))),
        movingFramesASecond: rounded(median(visits.map(({ moving }) => moving.framesASecond))),
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Serves a page beside the HTTP service, as `dmrec serve` does. */
async function servePage(page: string) {
  return startService({ recommender: await loadRecommender(join(page, "model.onnx")), page }, { port: 0 });
}

interface Written {
  /** With the export of the model. */
  readonly seconds: number;
  readonly exportSeconds: number;
  readonly modelMb: number;
  readonly lightMb: number;
}

/**
 * Writes the page of DMRec-M with random weights, on which no time depends, as `page`; and the same page with the narrowest model,
 * which hardly takes time to arrive and to open, as `light`.
 */
async function writeLargePage(
  folder: string,
  { items, users }: { readonly items: number; readonly users: number },
): Promise<Written> {
  const { data, encoder } = await embedDataset(syntheticCatalogue({ users, items }));
  const trainer = await createTrainer();
  const [page, light] = [join(folder, "page"), join(folder, "light")];
  await using model = await trainer.open(createModel("mddm", data));
  let exportSeconds = 0;
  const started = performance.now();
  await writePage(page, {
    data,
    encoder,
    itemNames: data.itemNames ?? data.itemIds,
    reads: model.recommender.reads,
    exportModel: async (file) => {
      const before = performance.now();
      await model.export(file, data, { precision: "float16" });
      exportSeconds = (performance.now() - before) / 1000;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  await cp(page, light, { recursive: true });
  const narrow = { hiddenDimension: 4, latentDimension: 4 };
  await using narrowModel = await trainer.open(createModel("mddm", data, narrow));
  await narrowModel.export(join(light, "model.onnx"), data, { precision: "float16" });
  const megabytes = async (of: string) => (await stat(join(of, "model.onnx"))).size / 1e6;
  return { seconds, exportSeconds, modelMb: await megabytes(page), lightMb: await megabytes(light) };
}

await runCommand(main);
