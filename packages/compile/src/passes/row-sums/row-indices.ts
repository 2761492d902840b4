import type { Graph } from "../../graph/graph";
import { cast, reshape } from "../../graph/operators";
import { filled } from "../../kernels/creation";
import { rowIndices } from "../../kernels/indexing";
import { rewrite } from "../rewrite";

/** The indices of rows that no sum has made superfluous, as numbers: a running count of the rows. */
export function lowerRowIndices(graph: Graph): Graph {
  return rewrite(graph, "rows_", (node, builder) => {
    if (node.operator !== rowIndices) return undefined;
    const [{ shape }] = node.inputs;
    const ones = filled(builder, { type: "int32", shape }, 1);
    const axis = builder.constant(BigInt64Array.of(0n), []);
    const counts = builder.add("CumSum", [ones, axis], ones, { exclusive: 1 });
    return [reshape(builder, cast(builder, counts, "int32"), node.outputs[0].shape)];
  });
}
