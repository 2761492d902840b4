import { type ElementArray, type ElementType, sizeOf, type Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { reshape } from "../../graph/operators";
import type { HostInputs } from "./host-numbers";
import { chunkLength } from "./pieces";
import { sourceOf } from "./source-of";
import { planPaddedSum, planSum, roundCount } from "./sum-plan";
import { gather, type KnownWeights, type Rows } from "./weighted-rows";

/** An array with the sizes of several axes that each run may choose. */
export interface ShapedArray {
  readonly array: ElementArray;
  readonly shape: readonly number[];
}

/** Makes inputs of a graph, by name, that follow from the numbers of others. */
export type PlannedInputs = (inputs: HostInputs) => Readonly<Record<string, ElementArray | ShapedArray>>;

/** The size of an axis that each run may choose. */
const open = -1;
/** Targets of a chunk if most have many rows: a quarter of the work of 16. */
const fewSlots = 4;

/** The arrays of a plan of sums as values of a graph. */
export interface Plan {
  readonly rounds: readonly { readonly order: Value; readonly membership: Value }[];
  readonly first: Value;
  readonly splitTargets: Value;
  /** The rest of the sums of several chunks: further rounds, or one with room for the longest of them. */
  readonly rest: { readonly splitSlots: Value } | { readonly parts: Value; readonly isPart: Value };
  /** The matrices of the first round times weights that the graph computes, by the name of the weights. */
  readonly weighted: Map<string, Value>;
}

/** A plan whose arrays are inputs of the graph, and the host's way to make them for each run. */
export interface PlanOfRun extends Plan {
  readonly planned: PlannedInputs;
}

/** Targets that a chunk of the first round holds. */
const slotsFor = (rowCount: number, targetCount: number) =>
  rowCount >= 2 * fewSlots * targetCount ? fewSlots : chunkLength;

/** Writes a plan into a graph, for indices that no run changes. */
export function makeConstantPlan(
  builder: GraphBuilder,
  targets: Int32Array,
  targetCount: number,
  weights: KnownWeights | undefined,
): Plan {
  const slots = slotsFor(targets.length, targetCount);
  const plan = planSum({ targets, weights: weights?.compute({}), targetCount, slots });
  const rounds = plan.rounds.map(({ order, membership }, round) => ({
    order: builder.constant(order),
    membership: builder.constant(membership, [
      order.length / chunkLength,
      round === 0 ? slots : chunkLength,
      chunkLength,
    ]),
  }));
  return {
    rounds,
    first: builder.constant(plan.first),
    splitTargets: builder.constant(plan.splitTargets, [plan.splitTargets.length, 1]),
    rest: { splitSlots: builder.constant(plan.splitSlots) },
    weighted: new Map(),
  };
}

/** Adds inputs of a plan to a graph, named by the indices, the targets and the weights of the plan. */
function planInput(
  builder: GraphBuilder,
  indices: Value,
  targetCount: number,
  weights: KnownWeights | undefined,
) {
  const stem = `${indices.name}.plan_${[targetCount, weights?.name].join("_")}`;
  return (name: string, type: ElementType, shape: readonly number[]) =>
    builder.input(`${stem}.${name}`, { type, shape });
}

/** Adds the inputs of a plan to a graph, for indices that each run is given. */
export function makePlan(
  builder: GraphBuilder,
  indices: Value,
  targetCount: number,
  weights: KnownWeights | undefined,
): PlanOfRun {
  const rowCount = sizeOf(indices.shape);
  const slots = slotsFor(rowCount, targetCount);
  const input = planInput(builder, indices, targetCount, weights);
  const rounds = Array.from({ length: roundCount(rowCount) }, (_, round) => ({
    order: input(`order_${round}`, "int32", [open]),
    membership: input(`membership_${round}`, "float32", [
      open,
      round === 0 ? slots : chunkLength,
      chunkLength,
    ]),
  }));
  const first = input("first", "int32", [targetCount]);
  const splitTargets = input("split_targets", "int64", [open, 1]);
  const splitSlots = input("split_slots", "int32", [open]);
  const planned = (inputs: HostInputs) => {
    const targets = inputs[indices.name];
    // Indices of another type are refused with the inputs of the run.
    if (!(targets instanceof Int32Array)) return {};
    const plan = planSum({ targets, weights: weights?.compute(inputs), targetCount, slots });
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
  return { rounds, first, splitTargets, rest: { splitSlots }, weighted: new Map(), planned };
}

/** Adds the inputs of a plan of two rounds to a graph: see {@link makePlan}. */
export function makePaddedPlan(
  builder: GraphBuilder,
  indices: Value,
  targetCount: number,
  weights: KnownWeights | undefined,
): PlanOfRun {
  const slots = slotsFor(sizeOf(indices.shape), targetCount);
  const input = planInput(builder, indices, targetCount, weights);
  const order = input("order_0", "int32", [open]);
  const membership = input("membership_0", "float32", [open, slots, chunkLength]);
  const first = input("first", "int32", [targetCount]);
  const splitTargets = input("split_targets", "int64", [open, 1]);
  const parts = input("parts", "int32", [open, open]);
  const isPart = input("is_part", "float32", [open, 1, open]);
  const planned = (inputs: HostInputs) => {
    const targets = inputs[indices.name];
    // Indices of another type are refused with the inputs of the run.
    if (!(targets instanceof Int32Array)) return {};
    const plan = planPaddedSum({ targets, weights: weights?.compute(inputs), targetCount, slots });
    const split = plan.splitTargets.length;
    return {
      [order.name]: plan.round.order,
      [membership.name]: plan.round.membership,
      [first.name]: plan.first,
      [splitTargets.name]: plan.splitTargets,
      [parts.name]: { array: plan.parts, shape: [split, plan.parts.length / split] },
      [isPart.name]: { array: plan.isPart, shape: [split, 1, plan.parts.length / split] },
    };
  };
  return {
    rounds: [{ order, membership }],
    first,
    splitTargets,
    rest: { parts, isPart },
    weighted: new Map(),
    planned,
  };
}

/** Sums rows into targets by a plan. */
export function sumByPlan(
  builder: GraphBuilder,
  plan: Plan,
  { table, indices, weights }: Rows,
  output: Value,
): Value {
  const [{ order }, ...others] = plan.rounds;
  const slots = sumRound(
    builder,
    gather(builder, table, indices ? gather(builder, indices, order) : order),
    firstMatrices(builder, plan, weights),
  );
  const sums = gather(builder, slots, plan.first);
  if ("parts" in plan.rest) {
    // [split, parts, width], of which a product with [split, 1, parts] leaves [split, 1, width].
    const { parts, isPart } = plan.rest;
    const [, width] = output.shape;
    const shape = [open, 1, width];
    const product = builder.add("MatMul", [isPart, gather(builder, slots, parts)], {
      type: output.type,
      shape,
    });
    const finished = reshape(builder, product, [open, width]);
    return builder.add("ScatterND", [sums, plan.splitTargets, finished], output);
  }
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
  // Every target occurs at most once, so no two threads write one row.
  return builder.add(
    "ScatterND",
    [sums, plan.splitTargets, gather(builder, all, plan.rest.splitSlots)],
    output,
  );
}

/** Sums the rows of each chunk into its slots, `[slots, width]`. */
function sumRound(builder: GraphBuilder, rows: Value, matrices: Value): Value {
  const [, width] = rows.shape;
  const [, slots] = matrices.shape;
  const stacked = reshape(builder, rows, [open, chunkLength, width]);
  const sums = builder.add("MatMul", [matrices, stacked], { type: rows.type, shape: [open, slots, width] });
  return reshape(builder, sums, [open, width]);
}

/** The matrices of the first round, with a weight for each of their places instead of ones; made once for all sums. */
function firstMatrices(builder: GraphBuilder, plan: Plan, weights: Value | undefined): Value {
  const [{ order, membership }] = plan.rounds;
  if (!weights) return membership;
  const { name } = sourceOf(builder, weights);
  const known = plan.weighted.get(name);
  if (known) return known;
  const columns = reshape(builder, gather(builder, weights, order), [open, 1, chunkLength]);
  const matrices = builder.add("Mul", [membership, columns], membership);
  plan.weighted.set(name, matrices);
  return matrices;
}
