import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  constant,
  type ExportPrecision,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { loadRecommender } from "@dmrec/serving";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { median, quantile } from "./statistics";

export interface CatalogueLatency {
  readonly precision: ExportPrecision;
  readonly fileMb: number;
  /** One recommendation of 20 items, on one thread. */
  readonly recommend: Timing;
  /** One reading of the decoder's weights from memory, between the recommendations. */
  readonly read: Timing;
}

/** Time on the clock, and the processor's, which other programs' turns do not lengthen. */
export interface Timing {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly processorP50Ms: number;
  readonly processorP95Ms: number;
}

export interface CatalogueOptions {
  readonly items: number;
  readonly width: number;
  readonly precision: ExportPrecision;
  readonly repetitions: number;
}

const bytesOf: Readonly<Record<ExportPrecision, number>> = { float32: 4, float16: 2, int8: 1 };

/** Times recommendations from a file that has only a decoder's last layer, and readings of as many bytes, in turns. */
export async function catalogueLatency(options: CatalogueOptions): Promise<CatalogueLatency> {
  const { items, width, precision, repetitions } = options;
  const folder = await mkdtemp(join(tmpdir(), "dmrec-catalogue-"));
  try {
    const file = join(folder, "model.onnx");
    const trainer = await createTrainer();
    {
      await using model = await trainer.open(decoder(items, width));
      await model.export(file, undefined, { precision });
    }
    await using served = await loadRecommender(file, { threads: 1 });
    // Float16 weights are widened when the file is loaded: a run reads them in float32.
    const bytes = items * width * (precision === "float16" ? 4 : bytesOf[precision]);
    const weights = Buffer.alloc(bytes, 1);
    const random = RandomGenerator.fromSeed(1);
    const profileEmbedding = () => random.fillNormal(new Float32Array(width));
    const [recommending, reading] = [new Stopwatch(), new Stopwatch()];
    for (let run = -3; run < repetitions; run += 1) {
      const request = { profileEmbedding: profileEmbedding(), count: 20 };
      const isWarm = run >= 0;
      await recommending.time(() => served.recommend(request), isWarm);
      // A search for a byte that is nowhere reads all of them, by the C library's vector instructions.
      await reading.time(async () => weights.indexOf(2), isWarm);
    }
    return {
      precision,
      fileMb: (await stat(file)).size / 1e6,
      recommend: recommending.timing(),
      read: reading.timing(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

class Stopwatch {
  readonly #clock: number[] = [];
  readonly #processor: number[] = [];

  async time(run: () => Promise<unknown>, isKept: boolean): Promise<void> {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await run();
    if (!isKept) return;
    this.#clock.push(performance.now() - started);
    const { user, system } = process.cpuUsage(used);
    this.#processor.push((user + system) / 1000);
  }

  timing(): Timing {
    return {
      p50Ms: median(this.#clock),
      p95Ms: quantile(this.#clock, 0.95),
      processorP50Ms: median(this.#processor),
      processorP95Ms: quantile(this.#processor, 0.95),
    };
  }
}

/** The last layer of a decoder, with random weights: what a catalogue's size makes slow. */
function decoder(itemCount: number, width: number): Recommender {
  const random = RandomGenerator.fromSeed(2);
  const draw = (length: number) => Float32Array.from({ length }, () => random.uniform() - 0.5);
  const parameters = {
    weights: constant([width, itemCount], draw(width * itemCount)),
    bias: constant([itemCount], draw(itemCount)),
  };
  return {
    name: "decoder",
    configuration: { itemCount, width },
    itemCount,
    profileWidth: width,
    reads: { interactions: false, profile: true, userIndex: false },
    examples: { kind: "users" },
    parameters,
    loss: () => ({}),
    scores({ weights, bias }: TensorsOf<typeof parameters>, { profileEmbeddings }: UserBatch) {
      if (!profileEmbeddings) throw new Error("the batch has no profile embeddings; expected one a user");
      return tf.add(tf.matMul(tf.tanh(profileEmbeddings), weights as tf.Tensor2D), bias);
    },
  };
}
