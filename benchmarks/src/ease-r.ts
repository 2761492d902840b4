// EASE^R on a folder of data: λ by the validation part, accuracy on the test part, time and memory of a solution. A table, and
// JSON as the last line.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { easeR } from "@dmrec/baselines";
import { arraysByName, parseOptions, type TrainingInteractions } from "@dmrec/core";
import { describeDataset } from "@dmrec/data";
import { automatic, createTrainer } from "@dmrec/trainer";
import Table from "cli-table3";
import { Command } from "commander";
import { z } from "zod";
import { readFolder } from "./benchmark-data";
import { list, nonnegativeNumber, positiveInteger } from "./list";

const command = new Command("bench:ease-r")
  .description(
    "Choose λ of EASE^R on the validation part of a folder of data, and measure the best on its test part.",
  )
  .requiredOption("--data <folder>", "the dataset")
  .option("--l2-weights <numbers>", "the values of λ to try", "10,20,50,100,200,500,1000,2000")
  .option("--threads <count>", "threads of ONNX Runtime (default: all)")
  .parse();
const flags = parseOptions(
  "bench:ease-r",
  z.object({ data: z.string(), l2Weights: list(nonnegativeNumber), threads: positiveInteger.optional() }),
  command.opts(),
);

const data = await readFolder(flags.data);
console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
const trainer = await createTrainer({ engine: automatic({ threads: flags.threads }) });
console.log(`Engine: ${trainer.engine.name} on ${trainer.engine.backend}`);

const trials: {
  l2Weight: number;
  seconds: number;
  processorSeconds: number;
  recall: number;
  ndcg: number;
}[] = [];
for (const l2Weight of flags.l2Weights) {
  const [start, processor] = [performance.now(), process.cpuUsage()];
  await using model = await trainer.open(easeR({ interactions: data.train, l2Weight }), { data });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const processorSeconds = (user + system) / 1e6;
  const { metrics } = await model.evaluate(data, { part: "validation" });
  const [recall, ndcg] = [metrics["recall@20"], metrics["ndcg@20"]];
  trials.push({ l2Weight, seconds, processorSeconds, recall, ndcg });
  console.log(
    `λ ${l2Weight}: recall@20 ${recall.toFixed(4)} on validation, solved in ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processors)`,
  );
}
const solvedMb = process.resourceUsage().maxRSS / 1024;
const best = trials.reduce((one, other) => (other.recall > one.recall ? other : one));

await using model = await trainer.open(easeR({ interactions: data.train, l2Weight: best.l2Weight }), {
  data,
});
const { metrics } = await model.evaluate(data);
const residual = greatestResidual(data.train, best.l2Weight, arraysByName(model.recommender.parameters));
const directory = await mkdtemp(join(tmpdir(), "dmrec-ease-r-"));
const file = join(directory, "ease-r.onnx");
await model.export(file);
const exportedMb = (await stat(file)).size / 2 ** 20;
await rm(directory, { recursive: true });

const table = new Table({ head: ["λ", "recall@20, validation", "ndcg@20, validation", "seconds"] });
for (const { l2Weight, recall, ndcg, seconds } of trials)
  table.push([l2Weight, recall.toFixed(4), ndcg.toFixed(4), seconds.toFixed(1)]);
console.log(table.toString());
console.log(
  `λ ${best.l2Weight} on test: recall@20 ${metrics["recall@20"].toFixed(4)}, ndcg@20 ${metrics["ndcg@20"].toFixed(4)}; peak memory ${solvedMb.toFixed(0)} MB; exported ${exportedMb.toFixed(0)} MB; greatest residual ${residual.toExponential(1)}`,
);
const peakMemoryMb = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({
    trials,
    best: best.l2Weight,
    "recall@20": metrics["recall@20"],
    "ndcg@20": metrics["ndcg@20"],
    solvedMb,
    exportedMb,
    residual,
    peakMemoryMb,
  }),
);

/**
 * The exactness of B in double precision: (XᵀX + λI)(I − B) is diagonal. Returns the greatest element beside the diagonal, as a
 * fraction of its column's diagonal element, of a hundred columns.
 */
function greatestResidual(
  { userCount, itemCount, offsets, items, weights }: TrainingInteractions,
  l2Weight: number,
  arrays: ReturnType<typeof arraysByName>,
): number {
  const itemWeights = arrays.get("itemWeights")?.values;
  if (!itemWeights) throw new TypeError("the solved model has no item weights");
  let greatest = 0;
  for (let column = 0; column < itemCount; column += Math.ceil(itemCount / 100)) {
    const difference = Float64Array.from({ length: itemCount }, (_, row) =>
      row === column ? 1 : -itemWeights[row * itemCount + column],
    );
    const product = difference.map((value) => l2Weight * value);
    for (let user = 0; user < userCount; user += 1) {
      let sum = 0;
      for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1)
        sum += weights[entry] * difference[items[entry]];
      for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1)
        product[items[entry]] += weights[entry] * sum;
    }
    product.forEach((value, row) => {
      if (row !== column) greatest = Math.max(greatest, Math.abs(value / product[column]));
    });
  }
  return greatest;
}
