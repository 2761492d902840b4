import type { Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { binary } from "../graph/operators";

/** The greatest values of each row and their columns. Their number is known only in a run. */
interface Top {
  readonly values: Value;
  /** int64 */
  readonly columns: Value;
}

/**
 * Records the greatest values of the rows of a matrix that is given as blocks of its columns. Each block is ranked, and then
 * the winners. Of equal values ONNX ranks the first, in a block and among winners, so the lower column comes first.
 *
 * @param count int64 `[1]`
 */
export function recordTopK(builder: GraphBuilder, blocks: readonly Value[], count: Value): Top {
  const [first, ...others] = blocks;
  if (others.length === 0) return topOf(builder, first, count);
  let start = 0;
  const tops = blocks.map((block) => {
    const length = block.shape[1];
    const top = topOf(builder, block, binary(builder, "Min", count, builder.integers([length])));
    const columns = binary(builder, "Add", top.columns, builder.integers([start]));
    start += length;
    return { values: top.values, columns };
  });
  const shape = [first.shape[0], tops.length];
  const joined = (values: readonly Value[]) =>
    builder.add("Concat", values, { type: values[0].type, shape }, { axis: 1 });
  const winners = topOf(builder, joined(tops.map(({ values }) => values)), count);
  const columns = builder.add(
    "GatherElements",
    [joined(tops.map(({ columns }) => columns)), winners.columns],
    winners.columns,
    { axis: 1 },
  );
  return { values: winners.values, columns };
}

function topOf(builder: GraphBuilder, matrix: Value, count: Value): Top {
  const shape = [matrix.shape[0], 1];
  const outputs = [
    { type: "float32", shape },
    { type: "int64", shape },
  ] as const;
  const [values, columns] = builder.addMany("TopK", [matrix, count], outputs, { sorted: 1 });
  return { values, columns };
}
