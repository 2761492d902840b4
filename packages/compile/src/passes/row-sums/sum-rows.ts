import type { ElementArray, Graph, GraphNode, Value } from "../../graph/graph";
import { countUses, sizeOf } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { binary, like, reshape, unary } from "../../graph/operators";
import { filled } from "../../kernels/creation";
import { rowIndices, scatterAdd } from "../../kernels/indexing";
import { type HostInputs, hostNumbers, type KnownBefore } from "../host-numbers";
import { rewrite } from "../rewrite";
import { chunkLength, planSum, roundCount } from "./sum-plan";

/** Makes inputs of a graph, by name, that follow from the numbers of others. */
export type PlannedInputs = (inputs: HostInputs) => Readonly<Record<string, ElementArray>>;

/** The size of an axis that each run may choose. */
const open = -1;
/** Targets a chunk, where most have many rows: the sums of few are a quarter of the work of those of 16. */
const fewSlots = 4;

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
      const rows = weightedRows(builder, updates, graph);
      const key = [source.name, targetCount, rows.known?.name].join(":");
      const plan = plans.get(key) ?? makePlan(builder, source, targetCount, rows.known);
      plans.set(key, plan);
      return [byPlan(builder, plan, rows, output)];
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

interface Plan {
  readonly rounds: readonly { readonly order: Value; readonly membership: Value }[];
  readonly first: Value;
  readonly splitTargets: Value;
  readonly splitSlots: Value;
  readonly planned: PlannedInputs;
}

function makePlan(
  builder: GraphBuilder,
  indices: Value,
  targetCount: number,
  weights: KnownWeights | undefined,
): Plan {
  const stem = `${indices.name}.plan_${[targetCount, weights?.name].join("_")}`;
  const rowCount = sizeOf(indices.shape);
  const slots = rowCount >= 2 * fewSlots * targetCount ? fewSlots : chunkLength;
  const rounds = Array.from({ length: roundCount(rowCount) }, (_, round) => ({
    order: builder.input(`${stem}.order_${round}`, { type: "int32", shape: [open] }),
    membership: builder.input(`${stem}.membership_${round}`, {
      type: "float32",
      shape: [open, round === 0 ? slots : chunkLength, chunkLength],
    }),
  }));
  const first = builder.input(`${stem}.first`, { type: "int32", shape: [targetCount] });
  const splitTargets = builder.input(`${stem}.split_targets`, { type: "int64", shape: [open, 1] });
  const splitSlots = builder.input(`${stem}.split_slots`, { type: "int32", shape: [open] });
  const planned = (inputs: HostInputs) => {
    const targets = inputs[indices.name];
    // Indices of another type are refused with the inputs of the run.
    if (!(targets instanceof Int32Array)) return {};
    const plan = planSum({ targets, weights: weights?.of(inputs), targetCount, slots });
    const entries = plan.rounds.flatMap((round, index) => [
      [rounds[index].order.name, round.order] as const,
      [rounds[index].membership.name, round.membership] as const,
    ]);
    return Object.fromEntries<ElementArray>([
      ...entries,
      [first.name, plan.first],
      [splitTargets.name, plan.splitTargets],
      [splitSlots.name, plan.splitSlots],
    ]);
  };
  return { rounds, first, splitTargets, splitSlots, planned };
}

function byPlan(builder: GraphBuilder, plan: Plan, { table, indices, weights }: Rows, output: Value): Value {
  const [{ order, membership }, ...others] = plan.rounds;
  const slots = sumRound(
    builder,
    gather(builder, table, indices ? gather(builder, indices, order) : order),
    weights ? weighted(builder, membership, gather(builder, weights, order)) : membership,
  );
  const sums = gather(builder, slots, plan.first);
  if (others.length === 0) return sums;
  const laterSlots: Value[] = [];
  for (const round of others) {
    const rowsBefore = gather(builder, laterSlots.at(-1) ?? slots, round.order);
    laterSlots.push(sumRound(builder, rowsBefore, round.membership));
  }
  const [, width] = output.shape;
  const described = { type: output.type, shape: [open, width] };
  const all =
    laterSlots.length === 1 ? laterSlots[0] : builder.add("Concat", laterSlots, described, { axis: 0 });
  // Every target is there once at most, so that no two threads write one row.
  return builder.add("ScatterND", [sums, plan.splitTargets, gather(builder, all, plan.splitSlots)], output);
}

/** The rows of each chunk summed into its slots, `[slots, width]`. */
function sumRound(builder: GraphBuilder, rows: Value, matrices: Value): Value {
  const [, width] = rows.shape;
  const [, slots] = matrices.shape;
  const stacked = reshape(builder, rows, [open, chunkLength, width]);
  const sums = builder.add("MatMul", [matrices, stacked], { type: rows.type, shape: [open, slots, width] });
  return reshape(builder, sums, [open, width]);
}

/** A round's matrices with a weight for each of its places, `[slots]`, instead of ones. */
function weighted(builder: GraphBuilder, membership: Value, weights: Value): Value {
  const columns = reshape(builder, weights, [open, 1, chunkLength]);
  return builder.add("Mul", [membership, columns], membership);
}

/** Weights that the host can compute before a run. */
interface KnownWeights {
  readonly name: string;
  readonly of: (inputs: HostInputs) => Float32Array | undefined;
}

/** Rows to sum: those of a table, at indices if they are gathered from it, times weights. */
interface Rows {
  readonly table: Value;
  readonly indices?: Value;
  /** Weights that the graph computes. */
  readonly weights?: Value;
  /** Weights that the plan's own matrices hold. */
  readonly known?: KnownWeights;
}

function weightedRows(builder: GraphBuilder, updates: Value, graph: KnownBefore): Rows {
  const product = builder.producerOf(updates);
  const [count] = updates.shape;
  const factors = product?.operator === "Mul" ? product.inputs : [];
  const weights = factors.find(({ shape }) => shape.length === 2 && shape[0] === count && shape[1] === 1);
  // By position: in a square both factors are one value.
  const rows = factors[weights === factors[0] ? 1 : 0] ?? updates;
  if (weights === undefined || rows.shape.length !== 2 || rows.shape[0] !== count)
    return gatheredRows(builder, updates);
  const of = hostNumbers(builder, weights, graph);
  return {
    ...gatheredRows(builder, rows),
    ...(of ? { known: { name: weights.name, of } } : { weights: reshape(builder, weights, [count]) }),
  };
}

function gatheredRows(builder: GraphBuilder, rows: Value): Pick<Rows, "table" | "indices"> {
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
    const sizes = [array, sums, node.outputs[0]].map(({ shape }) => sizeOf(shape));
    if (new Set(sizes).size > 1) return undefined;
    const [updates, indices] = scatter.inputs;
    const signed = node.operator === "Sub" ? unary(builder, "Neg", updates) : updates;
    const flat = reshape(builder, array, [sizeOf(array.shape), 1]);
    return [reshape(builder, numberByNumber(builder, flat, signed, indices), node.outputs[0].shape)];
  });
}
