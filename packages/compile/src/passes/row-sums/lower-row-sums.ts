import type { Graph, Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { binary, like, reshape } from "../../graph/operators";
import { filled } from "../../kernels/creation";
import { rowIndices, scatterAdd } from "../../kernels/indexing";
import { readCaptured } from "../../trace/captured-tensors";
import { rewrite } from "../rewrite";
import { numberByNumber } from "./number-by-number";
import {
  makeConstantPlan,
  makePaddedPlan,
  makePlan,
  type Plan,
  type PlannedInputs,
  type PlanOfRun,
  sumByPlan,
} from "./planned-sums";
import { sourceOf } from "./source-of";
import { gather, weightedRows } from "./weighted-rows";

/**
 * Chooses how rows are summed by index: along the rows of a matrix if the indices are its row indices, by a plan in the
 * graph if no run changes the indices, by a plan of each run if the host knows them before it, else number by number, as
 * are lists of single numbers.
 *
 * @param onDevice Prefers plans of few operations, because a graphics card takes long to start one.
 */
export function lowerRowSums(
  graph: Graph,
  { onDevice }: { readonly onDevice: boolean },
): {
  readonly graph: Graph;
  readonly planned: readonly PlannedInputs[];
} {
  const plans = new Map<string, PlanOfRun>();
  const constantPlans = new Map<string, Plan>();
  const lowered = rewrite(graph, "sum_", (node, builder) => {
    if (node.operator !== scatterAdd) return undefined;
    const [updates, indices] = node.inputs;
    const [output] = node.outputs;
    const [targetCount, width] = output.shape;
    const source = sourceOf(builder, indices);
    const producer = builder.producerOf(source);
    if (producer?.operator === rowIndices) return [alongRows(builder, updates, producer.inputs[0], output)];
    const fixed = graph.captured.get(source);
    const targets = fixed && readCaptured(fixed);
    if (width > 1 && targets instanceof Int32Array && targets.length > 0) {
      // Weights that a run is given would make the plan change with them.
      const rows = weightedRows(builder, updates, { inputs: [], captured: graph.captured });
      const key = [source.name, targetCount, rows.known?.name].join(":");
      const plan = constantPlans.get(key) ?? makeConstantPlan(builder, targets, targetCount, rows.known);
      constantPlans.set(key, plan);
      return [sumByPlan(builder, plan, rows, output)];
    }
    if (width > 1 && graph.inputs.includes(source) && updates.shape[0] > 0) {
      const rows = weightedRows(builder, updates, graph);
      const key = [source.name, targetCount, rows.known?.name].join(":");
      const make = onDevice ? makePaddedPlan : makePlan;
      const plan = plans.get(key) ?? make(builder, source, targetCount, rows.known);
      plans.set(key, plan);
      return [sumByPlan(builder, plan, rows, output)];
    }
    const zeros = filled(builder, output, 0);
    if (node.attributes.skipNegative === undefined) return [numberByNumber(builder, zeros, updates, indices)];
    const none = builder.constant(Int32Array.of(0), []);
    const outside = reshape(builder, binary(builder, "Less", indices, none, "bool"), [updates.shape[0], 1]);
    const kept = builder.add("Where", [outside, like(builder, updates, 0), updates], updates);
    return [numberByNumber(builder, zeros, kept, binary(builder, "Max", indices, none))];
  });
  return { graph: lowered, planned: [...plans.values()].map(({ planned }) => planned) };
}

/** Sums along the rows of a matrix of places: with weights, the product of each row's weights and its rows of the table. */
function alongRows(builder: GraphBuilder, updates: Value, matrix: Value, output: Value): Value {
  const [rows, length] = matrix.shape;
  const [, width] = output.shape;
  const { table, indices, weights } = weightedRows(builder, updates, { inputs: [], captured: new Map() });
  if (weights) {
    const stacked = reshape(builder, indices ? gather(builder, table, indices) : table, [
      rows,
      length,
      width,
    ]);
    const factors = reshape(builder, weights, [rows, 1, length]);
    const sums = builder.add("MatMul", [factors, stacked], { type: output.type, shape: [rows, 1, width] });
    return reshape(builder, sums, output.shape);
  }
  const stacked = reshape(builder, updates, [rows, length, width]);
  return builder.add("ReduceSum", [stacked, builder.integers([1])], output, { keepdims: 0 });
}
