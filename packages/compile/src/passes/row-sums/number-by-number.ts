import type { Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { reshape } from "../../graph/operators";

/** ScatterElements adds in one thread; `target` is overwritten if nothing else reads it. */
export function numberByNumber(builder: GraphBuilder, target: Value, updates: Value, indices: Value): Value {
  const { shape } = updates;
  const column = reshape(builder, indices, [indices.shape[0], 1]);
  const everywhere =
    shape[1] === 1
      ? column
      : builder.add("Expand", [column, builder.integers(shape)], { type: indices.type, shape });
  return builder.add("ScatterElements", [target, everywhere, updates], target, { axis: 0, reduction: "add" });
}
