import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenRecommender, SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import { loadRecommender, type ServingRequest } from "@dmrec/serving";
import { scoringProduct } from "./output-products";
import { median, quantile } from "./statistics";

export interface ServingLatency {
  /** The latency of one user's request, on one thread. */
  readonly oneMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The same users in one call, and only the product of their output layer, both on one thread. */
  readonly manyMs: number;
  readonly manyFloorMs: number;
  readonly users: number;
  readonly fileMb: number;
}

/** Exports a model and requests recommendations from the file: for a thousand users one by one, then for all at once. */
export async function servingLatency(
  model: OpenRecommender,
  data: SplitDataset,
  hidden: number,
): Promise<ServingLatency> {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-speed-"));
  const file = join(folder, "model.onnx");
  try {
    await model.export(file, data);
    const { size } = await stat(file);
    const served = await loadRecommender(file, { threads: 1 });
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
    await served.close();
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
  { train, itemIds, profileEmbeddings }: SplitDataset,
  user: number,
  readsProfiles: boolean,
): ServingRequest {
  const interactions = Array.from(itemsOf(train, user), (item) => itemIds[item]);
  if (!profileEmbeddings || !readsProfiles) return { interactions };
  const { values, columnCount } = profileEmbeddings.users;
  return { interactions, profileEmbedding: values.subarray(user * columnCount, (user + 1) * columnCount) };
}
