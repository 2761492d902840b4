import type { Graph } from "../graph/graph";
import { removeUnused } from "./remove-unused";
import { lowerRowIndices } from "./row-sums/row-indices";
import { lowerSumsOfRows, mergeSums, type PlannedInputs } from "./row-sums/sum-rows";
import { runInBlocks } from "./run-in-blocks";

export type { PlannedInputs };

/**
 * A graph of ONNX operators only, simpler than the trace.
 *
 * @param inBlocks Cuts long chains of operations to the size of the CPU's caches.
 */
export function lower(
  traced: Graph,
  { inBlocks }: { readonly inBlocks: boolean },
): { readonly graph: Graph; readonly planned: readonly PlannedInputs[] } {
  const { graph, planned } = lowerSumsOfRows(mergeSums(removeUnused(traced)));
  const lowered = removeUnused(lowerRowIndices(graph));
  return { graph: inBlocks ? runInBlocks(lowered) : lowered, planned };
}
