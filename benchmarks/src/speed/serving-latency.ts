import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recommender, SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import { createRecommender, type RecommendationRequest } from "@dmrec/serving";
import { exportOnnx } from "@dmrec/trainer";
import { scoringProduct } from "./output-products";
import { median, quantile } from "./statistics";

export interface ServingLatency {
  /** A request of one user, on one thread. */
  readonly oneMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The same users all at once, and the product of their output layer alone, on one thread both. */
  readonly manyMs: number;
  readonly manyFloorMs: number;
  readonly users: number;
  readonly fileMb: number;
}

/** Exports a recommender and asks it for recommendations: a thousand users one by one, then all at once. */
export async function servingLatency(
  recommender: Recommender,
  data: SplitDataset,
  hidden: number,
): Promise<ServingLatency> {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-speed-"));
  const file = join(folder, "model.onnx");
  try {
    await exportOnnx(recommender, file, data);
    const { size } = await stat(file);
    const served = await createRecommender(file, { threads: 1 });
    const requests = Array.from({ length: Math.min(1000, data.userCount) }, (_, user) =>
      requestOf(data, user, served.profileWidth !== undefined),
    );
    for (const request of requests.slice(0, 20)) await served.recommend(request);
    const times: number[] = [];
    for (const request of requests) {
      const started = performance.now();
      await served.recommend(request);
      times.push(performance.now() - started);
    }
    const floor = await scoringProduct({ users: requests.length, hidden, items: data.itemCount }, 1);
    const many: number[] = [];
    const floors: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      const started = performance.now();
      await served.recommendAll(requests);
      many.push(performance.now() - started);
      floors.push(await floor());
    }
    await served.release();
    return {
      oneMs: { p50: median(times), p95: quantile(times, 0.95), p99: quantile(times, 0.99) },
      manyMs: median(many),
      manyFloorMs: median(floors),
      users: requests.length,
      fileMb: size / 2 ** 20,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function requestOf(
  { train, itemIds, language }: SplitDataset,
  user: number,
  readsProfiles: boolean,
): RecommendationRequest {
  const interactions = Array.from(itemsOf(train, user), (item) => itemIds[item]);
  if (!language || !readsProfiles) return { interactions };
  const { values, columnCount } = language.users;
  return { interactions, profileEmbedding: values.subarray(user * columnCount, (user + 1) * columnCount) };
}
