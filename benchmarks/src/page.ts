// The page in Chromium: time to the first recommendation and frames a second; a table, and JSON as the last line.
import { mkdtemp, rm, stat } from "node:fs/promises";
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
import { visitPage } from "./page/visit";
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
    const recommender = await loadRecommender(join(folder, "model.onnx"));
    await using service = await startService({ recommender, page: folder }, { port: 0 });
    const table = new Table({
      head: ["visit", "first 10, ms", "typing, frames/s", "p95 ms", "moving, frames/s", "p95 ms"],
    });
    const visits = [];
    for (let visit = 1; visit <= flags.visits; visit += 1) {
      const { firstMs, typing, moving } = await visitPage(service.url, flags.chromium);
      visits.push({ firstMs, typing, moving });
      const smooth = [typing, moving].flatMap(({ framesASecond, p95Ms }) => [framesASecond, p95Ms]);
      table.push([visit, firstMs.toFixed(0), ...smooth.map((value) => value.toFixed(1))]);
    }
    console.log(
      `${flags.items} items, a model of ${written.modelMb.toFixed(1)} MB; the page was written in ${written.seconds.toFixed(1)} s`,
    );
    console.log(table.toString());
    console.log(
      JSON.stringify({
        items: flags.items,
        writeSeconds: rounded(written.seconds),
        modelMb: rounded(written.modelMb),
        firstMs: rounded(median(visits.map(({ firstMs }) => firstMs))),
        typingFramesASecond: rounded(median(visits.map(({ typing }) => typing.framesASecond))),
        movingFramesASecond: rounded(median(visits.map(({ moving }) => moving.framesASecond))),
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the page of DMRec-M with random weights: no time depends on them. */
async function writeLargePage(
  folder: string,
  { items, users }: { readonly items: number; readonly users: number },
): Promise<{ readonly seconds: number; readonly modelMb: number }> {
  const { data, encoder } = await embedDataset(syntheticCatalogue({ users, items }));
  const trainer = await createTrainer();
  await using model = await trainer.open(createModel("mddm", data));
  const started = performance.now();
  await writePage(folder, {
    data,
    encoder,
    itemNames: data.itemNames ?? data.itemIds,
    reads: model.recommender.reads,
    exportModel: (file) => model.export(file, data, { precision: "float16" }),
  });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, modelMb: (await stat(join(folder, "model.onnx"))).size / 1e6 };
}

await runCommand(main);
