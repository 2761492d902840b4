// Throughput of the HTTP service beside one call of its model for many users: a table, and JSON as the last line.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions } from "@dmrec/core";
import { createTrainer } from "@dmrec/trainer";
import Table from "cli-table3";
import { Command } from "commander";
import { defaultZoo, type ModelZoo } from "dmrec";
import { z } from "zod";
import { runCommand } from "./interruption";
import { positiveInteger } from "./list";
import { ask, startProcess } from "./serve/ask-process";
import { loadResultSchema, urlSchema, usageSchema } from "./serve/messages";
import { amazonBook, speedData } from "./speed/speed-data";
import { median, quantile, rounded } from "./speed/statistics";

const zoo: ModelZoo = defaultZoo;

const flagsSchema = z.object({ clients: positiveInteger, rounds: positiveInteger, seconds: positiveInteger });

const program = new Command("bench:serve")
  .description(
    "Ask the HTTP service for recommendations at the sizes of Amazon-Book, and its model for many users at once, in turn.",
  )
  .option("--clients <count>", "clients that each ask again as soon as they are answered", "200")
  .option("--rounds <count>", "rounds of both", "6")
  .option("--seconds <count>", "seconds of requests in each round", "10");

/** Calls of the model for a thousand users in each round. */
const bulkCalls = 5;
const bulkUsers = 1000;

async function main(): Promise<void> {
  const flags = parseOptions("bench:serve", flagsSchema, program.parse().opts());
  const folder = await mkdtemp(join(tmpdir(), "dmrec-serve-"));
  try {
    const files = [1, 2].map((seed) => join(folder, `${seed}.onnx`));
    for (const [index, file] of files.entries()) await exportModel(file, index + 1);
    await measure(files, flags);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Exports DMRec-M with random weights: the time of an answer does not depend on them. */
async function exportModel(file: string, seed: number): Promise<void> {
  const data = await speedData(undefined, amazonBook);
  const trainer = await createTrainer();
  await using model = await trainer.open(zoo.createModel("mddm", data, { base: "mult-vae", seed }));
  await model.export(file, data);
}

async function measure(
  files: readonly string[],
  { clients, rounds, seconds }: z.output<typeof flagsSchema>,
): Promise<void> {
  const service = startProcess("service-process.ts", ...files);
  const loader = startProcess("load-process.ts");
  try {
    const { url } = await ask(service, urlSchema.parse);
    const load = (seed: number, duration: number) =>
      ask(loader, loadResultSchema.parse, { url, clients, seconds: duration, users: amazonBook.users, seed });
    const usage = (kind: "bulk" | "usage" | "swap") => ask(service, usageSchema.parse, { kind });
    // The first requests compile what the later ones run.
    await load(0, Math.min(3, seconds));
    await usage("bulk");

    const rows: { bulk: number; served: number; bulkCpuMs: number; servedCpuMs: number; memoryMb: number }[] =
      [];
    const milliseconds: number[] = [];
    let [clientCpu, failed] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const before = await usage("usage");
      const times: number[] = [];
      for (let call = 0; call < bulkCalls; call += 1) times.push((await usage("bulk")).seconds);
      const between = await usage("usage");
      const loading = load(round + 1, seconds);
      if (round === Math.floor(rounds / 2)) await usage("swap");
      const result = await loading;
      const after = await usage("usage");
      const answers = result.milliseconds.length;
      for (const time of result.milliseconds) milliseconds.push(time);
      clientCpu += result.cpuSeconds;
      failed += report(result.failures);
      rows.push({
        bulk: bulkUsers / median(times),
        served: answers / seconds,
        bulkCpuMs: (1000 * (between.cpuSeconds - before.cpuSeconds)) / (bulkCalls * bulkUsers),
        servedCpuMs: (1000 * (after.cpuSeconds - between.cpuSeconds)) / answers,
        memoryMb: after.memoryMb,
      });
    }
    const last = load(rounds + 1, 60);
    setTimeout(() => service.kill("SIGTERM"), 1000);
    const { ECONNREFUSED: refused = 0, ...lost } = (await last).failures;
    failed += report(lost);

    const table = new Table({
      head: [
        "round",
        "users/s at once",
        "requests/s",
        "share",
        "CPU ms a user",
        "CPU ms a request",
        "memory MB",
      ],
    });
    for (const [round, row] of rows.entries())
      table.push([
        round + 1,
        row.bulk.toFixed(0),
        row.served.toFixed(0),
        `${((100 * row.served) / row.bulk).toFixed(0)}%`,
        row.bulkCpuMs.toFixed(3),
        row.servedCpuMs.toFixed(3),
        row.memoryMb.toFixed(0),
      ]);
    console.log(table.toString());
    const share = median(rows.map(({ served, bulk }) => served / bulk));
    const [p50, p99] = [median(milliseconds), quantile(milliseconds, 0.99)];
    const answers = milliseconds.length;
    console.log(
      `${answers} answers through a change of the model, ${failed} without one; after SIGTERM ${refused} of ${clients} clients were refused a connection. p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; CPU of the clients ${((1000 * clientCpu) / answers).toFixed(3)} ms a request.`,
    );
    console.log(
      JSON.stringify({
        share: rounded(share, 3),
        requestsPerSecond: rounded(median(rows.map(({ served }) => served))),
        usersPerSecond: rounded(median(rows.map(({ bulk }) => bulk))),
        cpuMsARequest: rounded(median(rows.map(({ servedCpuMs }) => servedCpuMs)), 3),
        cpuMsAUser: rounded(median(rows.map(({ bulkCpuMs }) => bulkCpuMs)), 3),
        p50Ms: rounded(p50),
        p99Ms: rounded(p99),
        answers,
        failed,
        memoryMb: rows.map(({ memoryMb }) => Math.round(memoryMb)),
      }),
    );
  } finally {
    service.kill("SIGKILL");
    loader.kill("SIGKILL");
  }
}

/** Prints failures of requests, and counts them. */
function report(failures: Readonly<Record<string, number>>): number {
  for (const [code, count] of Object.entries(failures)) console.log(`${count} requests failed: ${code}`);
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

await runCommand(main);
