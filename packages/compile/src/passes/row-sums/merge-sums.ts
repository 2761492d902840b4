import { countUses, type Graph, sizeOf } from "../../graph/graph";
import { reshape, unary } from "../../graph/operators";
import { scatterAdd } from "../../kernels/indexing";
import { rewrite } from "../rewrite";
import { numberByNumber } from "./number-by-number";
import { sourceOf } from "./source-of";

/** Sums directly into an array if the sums would otherwise be added to it or subtracted from it. */
export function mergeSums(graph: Graph): Graph {
  const uses = countUses(graph);
  return rewrite(graph, "merged_", (node, builder, original) => {
    if (node.operator !== "Add" && node.operator !== "Sub") return undefined;
    const [array, sums] = node.inputs;
    const scatter = builder.producerOf(sourceOf(builder, sums));
    const width = scatter?.outputs[0].shape[1];
    if (
      scatter?.operator !== scatterAdd ||
      scatter.attributes.skipNegative !== undefined ||
      width !== 1 ||
      uses.get(original.inputs[0]) !== 1
    )
      return undefined;
    const sizes = [array, sums, node.outputs[0]].map(({ shape }) => sizeOf(shape));
    if (new Set(sizes).size > 1) return undefined;
    const [updates, indices] = scatter.inputs;
    const signed = node.operator === "Sub" ? unary(builder, "Neg", updates) : updates;
    const flat = reshape(builder, array, [sizeOf(array.shape), 1]);
    return [reshape(builder, numberByNumber(builder, flat, signed, indices), node.outputs[0].shape)];
  });
}
