import type { ElementArray, Graph, GraphNode, Value } from "../graph";
import { countUses, sizeOf } from "../graph";
import type { GraphBuilder } from "../graph-builder";
import { filled } from "../kernels/creation";
import { binary, like, reshape, unary } from "../kernels/elementwise";
import { rowIndices, scatterAdd } from "../kernels/indexing";
import { concatenate } from "../kernels/shape";
import { chunkCounts, chunkLength, planSum } from "../sum-plan";
import { rewrite } from "./rewrite";

/** Inputs of a graph that follow from the indices that another input holds. */
export interface PlannedInputs {
  /** The input that holds the indices. */
  readonly indices: Value;
  /** The planned inputs for its numbers, by name. */
  readonly values: (indices: Int32Array) => Readonly<Record<string, ElementArray>>;
}

/**
 * Chooses how rows are summed by index: along rows where the index says that they lie in order, by a plan where the
 * host knows the indices before the run, and number by number elsewhere and for lists of single numbers.
 */
export function lowerSumsOfRows(graph: Graph): {
  readonly graph: Graph;
  readonly planned: readonly PlannedInputs[];
} {
  const plans = new Map<string, Plan>();
  const lowered = rewrite(graph, "sum_", (node, builder) => {
    if (node.operator !== scatterAdd) return undefined;
    const [updates, indices] = node.inputs;
    const [output] = node.outputs;
    const [targetCount, width] = output.shape;
    const source = sourceOf(builder, indices);
    const producer = builder.producerOf(source);
    if (producer?.operator === rowIndices) return [alongRows(builder, updates, producer.inputs[0], output)];
    if (width > 1 && graph.inputs.includes(source) && updates.shape[0] > 0) {
      const key = `${source.name}:${targetCount}`;
      const plan = plans.get(key) ?? makePlan(builder, source, targetCount);
      plans.set(key, plan);
      return [byPlan(builder, plan, updates, output)];
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

/** The value that an index is made of, seen through changes of shape. */
function sourceOf(builder: GraphBuilder, value: Value): Value {
  const producer = builder.producerOf(value);
  return producer?.operator === "Reshape" ? sourceOf(builder, producer.inputs[0]) : value;
}

function alongRows(builder: GraphBuilder, updates: Value, matrix: Value, output: Value): Value {
  const [rows, length] = matrix.shape;
  const [, width] = output.shape;
  const stacked = reshape(builder, updates, [rows, length, width]);
  return builder.add("ReduceSum", [stacked, builder.integers([1])], output, { keepdims: 0 });
}

/** ScatterElements adds in one thread; `target` is overwritten where nothing else reads it. */
export function numberByNumber(builder: GraphBuilder, target: Value, updates: Value, indices: Value): Value {
  const { shape } = updates;
  const column = reshape(builder, indices, [indices.shape[0], 1]);
  const everywhere =
    shape[1] === 1
      ? column
      : builder.add("Expand", [column, builder.integers(shape)], { type: indices.type, shape });
  return builder.add("ScatterElements", [target, everywhere, updates], target, { axis: 0, reduction: "add" });
}

interface Plan {
  readonly rounds: readonly { readonly order: Value; readonly membership: Value }[];
  readonly first: Value;
  readonly later: Value;
  readonly planned: PlannedInputs;
}

function makePlan(builder: GraphBuilder, indices: Value, targetCount: number): Plan {
  const stem = `${indices.name}.plan_${targetCount}`;
  const rounds = chunkCounts(sizeOf(indices.shape)).map((chunks, round) => ({
    order: builder.input(`${stem}.order_${round}`, { type: "int32", shape: [chunks * chunkLength] }),
    membership: builder.input(`${stem}.membership_${round}`, {
      type: "float32",
      shape: [chunks, chunkLength, chunkLength],
    }),
  }));
  const first = builder.input(`${stem}.first`, { type: "int32", shape: [targetCount] });
  const later = builder.input(`${stem}.later`, { type: "int32", shape: [targetCount] });
  const values = (numbers: Int32Array) => {
    const plan = planSum(numbers, targetCount);
    const entries = plan.rounds.flatMap((round, index) => [
      [rounds[index].order.name, round.order] as const,
      [rounds[index].membership.name, round.membership] as const,
    ]);
    return Object.fromEntries<ElementArray>([...entries, [first.name, plan.first], [later.name, plan.later]]);
  };
  return { rounds, first, later, planned: { indices, values } };
}

function byPlan(builder: GraphBuilder, { rounds, first, later }: Plan, updates: Value, output: Value): Value {
  const { rows, weights } = weightedRows(builder, updates);
  const [{ order, membership }, ...others] = rounds;
  const slots = sumRound(
    builder,
    gather(builder, rows.table, rows.indices ? gather(builder, rows.indices, order) : order),
    weights ? weighted(builder, membership, gather(builder, weights, order)) : membership,
  );
  const sums = gather(builder, slots, first);
  if (others.length === 0) return sums;
  const laterSlots: Value[] = [];
  for (const round of others) {
    const rowsBefore = gather(builder, laterSlots.at(-1) ?? slots, round.order);
    laterSlots.push(sumRound(builder, rowsBefore, round.membership));
  }
  const laterSums = gather(builder, concatenate(builder, laterSlots, 0), later);
  return builder.add("Add", [sums, laterSums], output);
}

/** The rows of each chunk summed into its slots, `[slots, width]`. */
function sumRound(builder: GraphBuilder, rows: Value, matrices: Value): Value {
  const [slots, width] = rows.shape;
  const stacked = reshape(builder, rows, [slots / chunkLength, chunkLength, width]);
  return reshape(builder, builder.add("MatMul", [matrices, stacked], stacked), [slots, width]);
}

/** A round's matrices with a weight for each of its places, `[slots]`, instead of ones. */
function weighted(builder: GraphBuilder, membership: Value, weights: Value): Value {
  const columns = reshape(builder, weights, [membership.shape[0], 1, chunkLength]);
  return builder.add("Mul", [membership, columns], membership);
}

/** Updates that are rows of a table times weights: the plan's own matrices take the weights, and gather the rows. */
function weightedRows(builder: GraphBuilder, updates: Value) {
  const product = builder.producerOf(updates);
  const [count] = updates.shape;
  const factors = product?.operator === "Mul" ? product.inputs : [];
  const weights = factors.find(({ shape }) => shape.length === 2 && shape[0] === count && shape[1] === 1);
  const rows = factors.find((factor) => factor !== weights) ?? updates;
  const weighted = weights !== undefined && rows.shape.length === 2 && rows.shape[0] === count;
  return {
    rows: gatheredRows(builder, weighted ? rows : updates),
    weights: weighted ? reshape(builder, weights, [count]) : undefined,
  };
}

function gatheredRows(
  builder: GraphBuilder,
  rows: Value,
): { readonly table: Value; readonly indices?: Value } {
  const node: GraphNode | undefined = builder.producerOf(rows);
  const [table, indices] = node?.operator === "Gather" && node.attributes.axis === 0 ? node.inputs : [];
  return table && table.shape.length === 2 && indices.shape.length === 1
    ? { table, indices }
    : { table: rows };
}

function gather(builder: GraphBuilder, table: Value, indices: Value): Value {
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return builder.add("Gather", [table, indices], { type: table.type, shape }, { axis: 0 });
}

/** Sums into zeros that are then added to or taken from an array are summed into that array instead. */
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
    if (sizeOf(array.shape) !== sizeOf(sums.shape)) return undefined;
    const [updates, indices] = scatter.inputs;
    const signed = node.operator === "Sub" ? unary(builder, "Neg", updates) : updates;
    const flat = reshape(builder, array, [sizeOf(array.shape), 1]);
    return [reshape(builder, numberByNumber(builder, flat, signed, indices), node.outputs[0].shape)];
  });
}
