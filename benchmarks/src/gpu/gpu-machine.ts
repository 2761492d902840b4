// Runs on a machine with a graphics card, from the bundle: checks the card's results, times steps, and prints JSON.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemory, type Traffic, trafficChannel } from "@dmrec/compile";
import { compiled, createTrainer } from "@dmrec/trainer";
import { type PyTorchModel, pyTorchEpoch } from "../speed/pytorch-epoch";
import { amazonBook, speedData } from "../speed/speed-data";
import { rounded } from "../speed/statistics";
import { batchSize, timedSteps } from "../speed/timed-steps";
import { kernelTimes } from "./kernel-times";
import { losses } from "./losses";
import { speedModel } from "./speed-model";

type Provider = "cpu" | "webgpu" | "cuda";

const flags = new Set(process.argv.slice(2));
/** The measurements asked for, such as `--only=check,mddm.webgpu`; by default all. */
const only = process.argv
  .find((flag) => flag.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");
const provider: Provider = flags.has("--cuda") ? "cuda" : "webgpu";
const size = flags.has("--small") ? { users: 300, items: 400, interactions: 4_000 } : amazonBook;
const folder = process.argv[1].replace(/[^/]*$/, "");

function log(message: string): void {
  console.error(`[${(process.uptime()).toFixed(1)} s] ${message}`);
}

async function checked() {
  const expected: number[] = JSON.parse(await readFile(join(folder, "expected-losses.json"), "utf8"));
  const card = await losses(provider);
  const errors = card.map(
    (loss, step) => Math.abs(loss - expected[step]) / Math.max(1, Math.abs(expected[step])),
  );
  const largestError = Math.max(...errors);
  return { right: largestError < 1e-4, largestError };
}

async function timed(model: "base" | "mddm", own: Provider, epochs: number) {
  const data = await speedData(undefined, size);
  const runs: Traffic[] = [];
  const take = (message: unknown) => runs.push(message as Traffic);
  subscribe(trafficChannel, take);
  const { stepMs, epochMs, firstStepMs } = await timedSteps({
    recommender: speedModel(model, data),
    data,
    epochs,
    floor: async () => 0,
    engine: compiled({ executionProvider: own }),
  });
  unsubscribe(trafficChannel, take);
  // The step of a full batch, which needs the most.
  const [step] = runs.filter(({ kept }) => kept > 0).toSorted((a, b) => b.bytesUp - a.bytesUp);
  return {
    stepMs: rounded(stepMs),
    epochMs: rounded(epochMs),
    firstStepMs: rounded(firstStepMs),
    bytesUp: step?.bytesUp,
    bytesDown: step?.bytesDown,
  };
}

async function profiled(model: "base" | "mddm") {
  const data = await speedData(undefined, size);
  const own = await mkdtemp(join(tmpdir(), "dmrec-gpu-"));
  try {
    const profilingPrefix = join(own, "profile");
    await timedSteps({
      recommender: speedModel(model, data),
      data,
      epochs: 2,
      floor: async () => 0,
      engine: compiled({ executionProvider: provider, profilingPrefix }),
    });
    const times = await kernelTimes(profilingPrefix, 4);
    if (!times) return undefined;
    const { groups, regions, onHost, ...rest } = times;
    return {
      ...rest,
      regions: Object.fromEntries(regions),
      onHost: Object.fromEntries(onHost),
      groups: [...groups]
        .slice(0, 60)
        .map(([name, { ms, count }]) => `${ms.toFixed(3)} ms, ${count.toFixed(1)} × ${name}`),
    };
  } finally {
    await rm(own, { recursive: true });
  }
}

async function evaluated(own: Provider) {
  const data = await speedData(undefined, size);
  const trainer = await createTrainer({ engine: compiled({ executionProvider: own }), batchSize });
  await using model = await trainer.open(speedModel("mddm", data));
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    await model.evaluate(data);
    times.push(rounded(performance.now() - started));
  }
  return times;
}

async function pyTorch(model: PyTorchModel) {
  const data = await speedData(undefined, size);
  return pyTorchEpoch({ python: "python3", script: join(folder, "torch_epoch.py"), model, data });
}

async function main(): Promise<void> {
  const memory = await createMemory({ executionProvider: provider });
  await memory.release();
  const report: Record<string, unknown> = { provider, memory: memory.place, reason: memory.reason };
  const measure = async (name: string, run: () => Promise<unknown>) => {
    if (only && !only.includes(name)) return;
    try {
      report[name] = await run();
    } catch (error) {
      report[name] = { failed: error instanceof Error ? error.stack : String(error) };
    }
    log(`${name}: ${JSON.stringify(report[name])}`);
  };
  log(`arrays stay on the ${memory.place} ${memory.reason ?? ""}`);
  await measure("check", checked);
  for (const model of ["mddm", "base"] as const) {
    await measure(`${model}.${provider}`, () => timed(model, provider, 6));
    await measure(`${model}.torch`, () => pyTorch(model));
  }
  await measure("mddm.profile", () => profiled("mddm"));
  await measure("evaluation", () => evaluated(provider));
  await measure("base.profile", () => profiled("base"));
  await measure("mddm.cpu", () => timed("mddm", "cpu", 3));
  console.log(JSON.stringify(report));
}

void main();
