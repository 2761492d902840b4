// Speed of training, scoring and serving beside the unavoidable work: tables, and JSON as the last line.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Traffic, trafficChannel } from "@dmrec/compile";
import { parseOptions, type SplitDataset } from "@dmrec/core";
import { describeDataset } from "@dmrec/data";
import {
  automatic,
  compiled,
  createTrainer,
  type EngineChoice,
  eager,
  executionProviders,
} from "@dmrec/trainer";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { defaultZoo, type ModelZoo } from "dmrec";
import { z } from "zod";
import { type KernelTimes, kernelTimes } from "./gpu/kernel-times";
import { list, positiveInteger } from "./list";
import { type GrowthAxis, type GrowthPoint, growthAxes, growthSizes, measureGrowth } from "./speed/growth";
import { growthPlot } from "./speed/growth-plot";
import { handleLatency } from "./speed/handle-latency";
import { type BenchmarkedModel, modelName, outputWidth } from "./speed/model-name";
import { operatorTimes } from "./speed/operator-times";
import { outputProducts } from "./speed/output-products";
import { pairFloors } from "./speed/pair-floors";
import { isPyTorchModel, pyTorchEpoch, pyTorchModels } from "./speed/pytorch-epoch";
import { servingLatency } from "./speed/serving-latency";
import { amazonBook, speedData } from "./speed/speed-data";
import { peakMemoryMb, rounded } from "./speed/statistics";
import { stepTimes } from "./speed/step-times";
import { batchSize } from "./speed/timed-steps";

const zoo: ModelZoo = defaultZoo;

const defaultFolder = join(process.env.DMREC_DATA_DIR ?? "../shared/data", "amazon-book");

const flagsSchema = z.object({
  data: z.string().optional(),
  models: list(modelName(zoo)),
  epochs: positiveInteger.pipe(z.number().min(2)),
  threads: positiveInteger.optional(),
  executionProvider: z.enum(executionProviders).optional(),
  eager: z.boolean(),
  serving: z.boolean(),
  growth: z.boolean(),
  operators: z.boolean(),
  pytorch: z.union([z.string(), z.literal(true).transform(() => "python3")]).optional(),
  output: z.string(),
});

const program = new Command("bench:speed")
  .description("Time training, scoring and serving at the sizes of Amazon-Book beside the floor of a step.")
  .option(
    "--data <folder>",
    "interactions to train on (default: amazon-book if it is there, else generated ones)",
  )
  .option(
    "--models <names>",
    `some of base, ${zoo.rows.strategies.map(({ name }) => name).join(", ")} of Mult-VAE, ${zoo.baseNames.join(", ")}, BASE/MODEL, or ${Object.keys(pairFloors).join(", ")}; peak memory is that of the first`,
    "mddm,godm,cpdm,base,cvga,l-diffrec,light-gcn,rlmrec-contrastive",
  )
  .option("--epochs <count>", "epochs of each model", "4")
  .option("--threads <count>", "threads of the compiled engine (default: all)")
  .addOption(
    new Option("--execution-provider <name>", "what runs the compiled engine's graphs").choices(
      executionProviders,
    ),
  )
  .option("--no-eager", "skip the eager engine")
  .option("--no-serving", "skip scoring and serving")
  .option("--growth", "measure how time and memory grow with items and users, too (some minutes)", false)
  .option("--operators", "print the time of a step of each model by operator", false)
  .option(
    "--pytorch [python]",
    `time an epoch of ${pyTorchModels.join(" and ")} in PyTorch, too (default: python3)`,
  )
  .option("--output <folder>", "folder of the plot of the growth", "runs/speed");

interface StepResult {
  readonly ms: number;
  readonly floorMs: number;
  readonly ratio: number;
  readonly epochMs: number;
  readonly pyTorchEpochMs?: number;
  /** The version of PyTorch. */
  readonly pyTorch?: string;
}

/** The size of a catalogue that an application holds open. */
const smallCatalogue = { users: 3_000, items: 3_000, interactions: 36_000 };

async function main(): Promise<void> {
  const flags = parseOptions("bench:speed", flagsSchema, program.parse().opts());
  const { epochs } = flags;
  const { executionProvider } = flags;
  const engineWith = (options: { readonly profilingPrefix?: string }) =>
    executionProvider === undefined
      ? automatic({ threads: flags.threads, ...options })
      : compiled({ threads: flags.threads, executionProvider, ...options });
  const engine = engineWith({});
  const folder = flags.data ?? (existsSync(defaultFolder) ? defaultFolder : undefined);
  const data = await speedData(folder, amazonBook);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);

  const floorOf = async ({ base, model }: BenchmarkedModel) =>
    pairFloors[model]?.(data, flags.threads) ??
    outputProducts(
      { users: batchSize, hidden: outputWidth(zoo, base), items: data.itemCount },
      flags.threads,
    );
  const steps: Record<string, StepResult> = {};
  const head = ["model", "step ms", "floor ms", "ratio", "epoch ms", "first step ms"];
  const pyTorchHead = ["epoch ms in PyTorch", "times ours"];
  const table = new Table({ head: [...head, ...(flags.pytorch === undefined ? [] : pyTorchHead)] });
  const memory: number[] = [];
  const firstSteps: number[] = [];
  for (const model of flags.models) {
    // First, because a Python without PyTorch should be known at once.
    const inPyTorch =
      flags.pytorch !== undefined && isPyTorchModel(model.name)
        ? await pyTorchEpoch({
            python: flags.pytorch,
            script: join(import.meta.dirname, "speed/torch_epoch.py"),
            model: model.name,
            data,
            threads: flags.threads,
          })
        : undefined;
    const { stepMs, floorMs, epochMs, firstStepMs } = await stepTimes({
      model,
      data,
      epochs,
      floor: await floorOf(model),
      engine,
    });
    const ratio = stepMs / floorMs;
    steps[model.name] = {
      ms: rounded(stepMs),
      floorMs: rounded(floorMs),
      ratio: rounded(ratio, 3),
      epochMs: rounded(epochMs),
      ...(inPyTorch && { pyTorchEpochMs: rounded(inPyTorch.epochMs), pyTorch: inPyTorch.torch }),
    };
    table.push([
      model.name,
      ...[stepMs, floorMs].map((ms) => ms.toFixed(1)),
      ratio.toFixed(2),
      ...[epochMs, firstStepMs].map((ms) => ms.toFixed(0)),
      ...(inPyTorch ? [inPyTorch.epochMs.toFixed(0), (inPyTorch.epochMs / epochMs).toFixed(2)] : []),
    ]);
    memory.push(peakMemoryMb());
    firstSteps.push(firstStepMs);
  }
  console.log(table.toString());
  const isOnCard = executionProvider !== undefined && executionProvider !== "cpu";
  if (flags.operators)
    for (const model of flags.models) await printOperators(model, data, engineWith, isOnCard);

  const served = flags.serving ? await measureServing(data, flags.models[0], engine) : {};
  const eager = flags.eager ? await measureEager(data, flags.models[0], await floorOf(flags.models[0])) : {};
  const growth = flags.growth ? { growth: await measureAllGrowth(flags.output) } : {};
  console.log(
    JSON.stringify({
      floorMs: steps[flags.models[0].name].floorMs,
      steps,
      ...comparison(steps),
      firstStepMs: rounded(Math.max(...firstSteps)),
      peakMemoryMb: rounded(memory[0]),
      ...served,
      ...eager,
      ...growth,
    }),
  );
}

/** The time of CVGA's step as a share of Mult-VAE's, if both base models were timed. */
function comparison(steps: Readonly<Record<string, { readonly ms: number }>>) {
  const [multVae, cvga] = [steps.base ?? steps["mult-vae"], steps.cvga];
  if (!multVae || !cvga) return {};
  const share = cvga.ms / multVae.ms;
  console.log(`A step of CVGA takes ${share.toFixed(2)} times one of Mult-VAE.`);
  return { cvgaToMultVae: rounded(share, 3) };
}

async function printOperators(
  model: BenchmarkedModel,
  data: SplitDataset,
  engineWith: (options: { readonly profilingPrefix: string }) => EngineChoice,
  isOnCard: boolean,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-operators-"));
  const table = new Table({ head: [`operator (${model.name})`, "ms a step"] });
  try {
    const profilingPrefix = join(folder, "profile");
    const engine = engineWith({ profilingPrefix });
    const runs: Traffic[] = [];
    // The channel of this name carries nothing else.
    const listen = (message: unknown) => runs.push(message as Traffic);
    subscribe(trafficChannel, listen);
    await stepTimes({ model, data, epochs: 2, floor: async () => 0, engine });
    unsubscribe(trafficChannel, listen);
    const kernels = isOnCard ? await kernelTimes(profilingPrefix, 4) : undefined;
    if (kernels) printKernels(model.name, kernels, runs);
    else
      for (const [operator, ms] of await operatorTimes(profilingPrefix, 4))
        if (ms >= 0.05) table.push([operator, ms.toFixed(1)]);
  } finally {
    await rm(folder, { recursive: true });
  }
  if (table.length > 0) console.log(table.toString());
}

/** The time of a step on a graphics card by part of the graph, and by operator and shape; and what crosses to it and back. */
function printKernels(model: string, times: KernelTimes, runs: readonly Traffic[]): void {
  const { kernels, cardMs, runMs, regions, groups, onHost } = times;
  // The step of a full batch, which needs the most.
  const steps = runs.filter(({ kept }) => kept > 0);
  const traffic = steps.toSorted((a, b) => b.bytesUp - a.bytesUp).at(0);
  const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
  console.log(
    `${model}: ${kernels} kernels a step, ${cardMs.toFixed(1)} ms on the card, ${runMs.toFixed(1)} ms in all; ` +
      `${traffic ? `${mb(traffic.bytesUp)} MB up, ${traffic.bytesDown} bytes down` : ""}`,
  );
  if (onHost.size > 0) console.log(`on the CPU: ${[...onHost.keys()].join(", ")}`);
  const byRegion = new Table({ head: ["part", "ms a step"] });
  for (const [region, ms] of regions) byRegion.push([region, ms.toFixed(2)]);
  const byGroup = new Table({ head: ["kernels", "number", "ms a step"] });
  for (const [group, { ms, count }] of [...groups].slice(0, 40))
    byGroup.push([group, count.toFixed(0), ms.toFixed(2)]);
  console.log(`${byRegion.toString()}\n${byGroup.toString()}`);
}

async function measureServing(data: SplitDataset, benchmarked: BenchmarkedModel, engine: EngineChoice) {
  const { base, model: name } = benchmarked;
  const trainer = await createTrainer({ engine, batchSize });
  await using model = await trainer.open(zoo.createModel(name, data, { base }));
  await model.score({
    itemCount: data.itemCount,
    rowCount: 1,
    users: Int32Array.of(0),
    rows: new Int32Array(1),
    items: new Int32Array(1),
    weights: Float32Array.of(1),
  });
  const started = performance.now();
  await model.evaluate(data);
  const evaluationMs = performance.now() - started;
  const { oneMs, manyMs, manyFloorMs, users, fileMb } = await servingLatency(
    model,
    data,
    outputWidth(zoo, base),
  );
  const small = await speedData(undefined, smallCatalogue);
  const { openForScoresMs, secondRecommendMs } = await handleLatency(benchmarked, small, engine);
  const table = new Table();
  table.push(
    [`evaluation of ${data.userCount} users`, `${evaluationMs.toFixed(0)} ms`],
    [
      "one recommendation, p50 / p95 / p99",
      `${[oneMs.p50, oneMs.p95, oneMs.p99].map((ms) => ms.toFixed(2)).join(" / ")} ms`,
    ],
    [
      `${users} users at once`,
      `${manyMs.toFixed(0)} ms, ${(manyMs / manyFloorMs).toFixed(2)} times their output product`,
    ],
    ["exported file", `${fileMb.toFixed(0)} MB`],
    [`opening for scores, ${small.itemCount} items`, `${openForScoresMs.toFixed(0)} ms`],
    [
      `second recommendation of an open model, ${small.itemCount} items`,
      `${secondRecommendMs.toFixed(2)} ms`,
    ],
  );
  console.log(table.toString());
  return {
    evaluationMs: rounded(evaluationMs),
    recommendP50Ms: rounded(oneMs.p50, 3),
    recommendP95Ms: rounded(oneMs.p95, 3),
    recommendP99Ms: rounded(oneMs.p99, 3),
    recommendManyMs: rounded(manyMs),
    recommendManyRatio: rounded(manyMs / manyFloorMs, 3),
    exportedMb: rounded(fileMb),
    openForScoresMs: rounded(openForScoresMs),
    secondRecommendMs: rounded(secondRecommendMs, 3),
  };
}

async function measureEager(data: SplitDataset, model: BenchmarkedModel, floor: () => Promise<number>) {
  const { stepMs, floorMs } = await stepTimes({ model, data, epochs: 1, floor, engine: eager() });
  console.log(
    `eager engine, ${model.name}: ${stepMs.toFixed(0)} ms a step, ${(stepMs / floorMs).toFixed(1)} times the floor`,
  );
  return { eagerMs: rounded(stepMs), eagerModel: model.name };
}

async function measureAllGrowth(output: string) {
  const growth: Record<GrowthAxis, GrowthPoint[]> = { items: [], users: [], catalogue: [] };
  for (const axis of growthAxes) {
    const head = ["users", "items", "softmax over", "steps", "step ms", "ratio to first", "peak memory MB"];
    const table = new Table({ head });
    for (const size of growthSizes[axis]) {
      const point = await measureGrowth(size);
      growth[axis].push(point);
      const { users, items, steps, stepMs, peakMemoryMb } = point;
      const over = size.softmaxSamples === 0 ? "all" : size.softmaxSamples;
      const ratio = stepMs / growth[axis][0].stepMs;
      table.push([users, items, over, steps, stepMs.toFixed(0), ratio.toFixed(2), peakMemoryMb.toFixed(0)]);
    }
    console.log(table.toString());
  }
  await mkdir(output, { recursive: true });
  const file = join(output, "growth.svg");
  await writeFile(file, await growthPlot(growth));
  console.log(`The plot is ${file}`);
  return growth;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `Error: ${error.message}` : error);
  process.exitCode = 1;
});
