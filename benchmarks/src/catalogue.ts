// Latency of one recommendation from a large catalogue beside one reading of its weights: a table, and JSON as the last line.
import { exportPrecisions, parseOptions } from "@dmrec/core";
import Table from "cli-table3";
import { Command } from "commander";
import { z } from "zod";
import { list, positiveInteger } from "./list";
import { type CatalogueLatency, catalogueLatency } from "./speed/large-catalogue";
import { peakMemoryMb, rounded } from "./speed/statistics";

const flagsSchema = z.object({
  items: positiveInteger,
  width: positiveInteger,
  repetitions: positiveInteger,
  precisions: list(z.enum(exportPrecisions)),
});

const program = new Command("bench:catalogue")
  .description(
    "Time one recommendation on one thread beside one reading of the decoder's weights from memory.",
  )
  .option("--items <count>", "items of the catalogue", "300000")
  .option("--width <count>", "width of the decoder's last layer", "600")
  .option("--repetitions <count>", "recommendations of each file", "60")
  .option("--precisions <names>", `some of ${exportPrecisions.join(", ")}`, exportPrecisions.join(","));

async function main(): Promise<void> {
  const { precisions, ...flags } = parseOptions("bench:catalogue", flagsSchema, program.parse().opts());
  const head = [
    "precision",
    "file MB",
    "p50 ms",
    "p95 ms",
    "reading ms",
    "p95 / reading",
    "by processor time",
  ];
  const table = new Table({ head });
  const results: CatalogueLatency[] = [];
  for (const precision of precisions) {
    const result = await catalogueLatency({ ...flags, precision });
    const { fileMb, recommend, read } = result;
    results.push(result);
    table.push([
      precision,
      fileMb.toFixed(0),
      ...[recommend.p50Ms, recommend.p95Ms, read.p50Ms].map((ms) => ms.toFixed(1)),
      (recommend.p95Ms / read.p50Ms).toFixed(2),
      (recommend.processorP95Ms / read.processorP50Ms).toFixed(2),
    ]);
  }
  console.log(`${flags.items} items × ${flags.width}, one thread`);
  console.log(table.toString());
  console.log(JSON.stringify({ ...flags, results, peakMemoryMb: rounded(peakMemoryMb()) }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `Error: ${error.message}` : error);
  process.exitCode = 1;
});
