import type { SplitDataset } from "@dmrec/core";
import { createTrainer, type EngineChoice } from "@dmrec/trainer";
import { defaultZoo, type ModelZoo } from "dmrec";
import type { BenchmarkedModel } from "./model-name";
import { median } from "./statistics";

const zoo: ModelZoo = defaultZoo;

export interface HandleLatency {
  /** The time from `trainer.open` to the first scores of one user. */
  readonly openForScoresMs: number;
  /** The time of the second `recommend` of an open model. */
  readonly secondRecommendMs: number;
}

/** Opens a model with its initial weights several times and requests recommendations from each. */
export async function handleLatency(
  { base, model }: Omit<BenchmarkedModel, "name">,
  data: SplitDataset,
  engine: EngineChoice | undefined,
): Promise<HandleLatency> {
  const trainer = await createTrainer({ ...(engine && { engine }) });
  const recommender = zoo.createModel(model, data, { base });
  const opened: number[] = [];
  const second: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    await using open = await trainer.open(recommender, { data });
    await open.recommend({ userIndex: 0 });
    const between = performance.now();
    opened.push(between - started);
    await open.recommend({ userIndex: 1 });
    second.push(performance.now() - between);
  }
  return { openForScoresMs: median(opened), secondRecommendMs: median(second) };
}
