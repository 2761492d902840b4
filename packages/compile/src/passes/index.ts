import type { Graph } from "../graph/graph";
import { runInBlocks } from "./blocks/run-in-blocks";
import { removeUnused } from "./remove-unused";
import { lowerRowSums } from "./row-sums/lower-row-sums";
import { mergeSums } from "./row-sums/merge-sums";
import type { PlannedInputs, ShapedArray } from "./row-sums/planned-sums";
import { lowerRowIndices } from "./row-sums/row-indices";

export type { PlannedInputs, ShapedArray };

/**
 * A graph of ONNX operators only, simpler than the trace.
 *
 * @param inBlocks Cuts long chains of operations to the size of the CPU's caches.
 * @param onDevice Prefers few operations, because a graphics card takes long to start one. Default: false.
 */
export function lower(
  traced: Graph,
  { inBlocks, onDevice = false }: { readonly inBlocks: boolean; readonly onDevice?: boolean },
): { readonly graph: Graph; readonly planned: readonly PlannedInputs[] } {
  const { graph, planned } = lowerRowSums(mergeSums(removeUnused(traced)), { onDevice });
  const lowered = removeUnused(lowerRowIndices(graph));
  return { graph: inBlocks ? runInBlocks(lowered) : lowered, planned };
}
