import { type ElementArray, sizeOf, type Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { reshape } from "../../graph/operators";
import type { HostInputs } from "./host-numbers";
import { chunkLength } from "./pieces";
import { planSum, roundCount } from "./sum-plan";
import { gather, type KnownWeights, type Rows } from "./weighted-rows";

/** Makes inputs of a graph, by name, that follow from the numbers of others. */
export type PlannedInputs = (inputs: HostInputs) => Readonly<Record<string, ElementArray>>;

/** The size of an axis that each run may choose. */
const open = -1;
/** Targets of a chunk if most have many rows: a quarter of the work of 16. */
const fewSlots = 4;

/** The inputs that hold a plan of sums, and the host's way to make them. */
export interface Plan {
  readonly rounds: readonly { readonly order: Value; readonly membership: Value }[];
  readonly first: Value;
  readonly splitTargets: Value;
  readonly splitSlots: Value;
  readonly planned: PlannedInputs;
}

/** Adds the inputs of a plan to a graph. */
export function makePlan(
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
  return { rounds, first, splitTargets, splitSlots, planned };
}

/** Sums rows into targets by a plan. */
export function sumByPlan(
  builder: GraphBuilder,
  plan: Plan,
  { table, indices, weights }: Rows,
  output: Value,
): Value {
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
  // Every target occurs at most once, so no two threads write one row.
  return builder.add("ScatterND", [sums, plan.splitTargets, gather(builder, all, plan.splitSlots)], output);
}

/** Sums the rows of each chunk into its slots, `[slots, width]`. */
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
