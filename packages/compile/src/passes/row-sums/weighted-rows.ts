import type { GraphNode, Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { reshape } from "../../graph/operators";
import { type HostInputs, hostNumbers, type KnownBefore } from "./host-numbers";

/** Weights that the host can compute before a run. */
export interface KnownWeights {
  readonly name: string;
  readonly compute: (inputs: HostInputs) => Float32Array | undefined;
}

/** Rows to sum: those of a table, at indices if they are gathered from it, times weights. */
export interface Rows {
  readonly table: Value;
  readonly indices?: Value;
  /** Weights that the graph computes. */
  readonly weights?: Value;
  /** Weights that the plan's own matrices hold. */
  readonly known?: KnownWeights;
}

/** Recognises rows that are gathered from a table or multiplied by weights before they are summed. */
export function weightedRows(builder: GraphBuilder, updates: Value, graph: KnownBefore): Rows {
  const product = builder.producerOf(updates);
  const [count] = updates.shape;
  const factors = product?.operator === "Mul" ? product.inputs : [];
  const weights = factors.find(({ shape }) => shape.length === 2 && shape[0] === count && shape[1] === 1);
  // By position: in a square both factors are one value.
  const rows = factors[weights === factors[0] ? 1 : 0] ?? updates;
  if (weights === undefined || rows.shape.length !== 2 || rows.shape[0] !== count)
    return gatheredRows(builder, updates);
  const compute = hostNumbers(builder, weights, graph);
  return {
    ...gatheredRows(builder, rows),
    ...(compute
      ? { known: { name: weights.name, compute } }
      : { weights: reshape(builder, weights, [count]) }),
  };
}

function gatheredRows(builder: GraphBuilder, rows: Value): Pick<Rows, "table" | "indices"> {
  const node: GraphNode | undefined = builder.producerOf(rows);
  const [table, indices] = node?.operator === "Gather" && node.attributes.axis === 0 ? node.inputs : [];
  return table && table.shape.length === 2 && indices.shape.length === 1
    ? { table, indices }
    : { table: rows };
}

/** Appends a gather of a table's rows. */
export function gather(builder: GraphBuilder, table: Value, indices: Value): Value {
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return builder.add("Gather", [table, indices], { type: table.type, shape }, { axis: 0 });
}
