import { type Graph, type Recorder, trace } from "@dmrec/compile";
import type { ForwardContext, InteractionBatch, InteractionRows, Recommender } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { type AdamSettings, adamStep, momentName, settingsOf } from "./adam";
import { lossAndGradients } from "./eager-engine";
import { contextOf, type HostValues, type Observe, type TakeValues } from "./forward-context";

/** The sizes that a graph is fixed to. */
export interface BatchShape {
  readonly users: number;
  readonly interactions: number;
  /** The width of the profiles that the batch itself brings along; 0 where it brings none. */
  readonly profileWidth: number;
}

/** A graph and what the host makes for each run of it: its inputs by name, in the order in which the model asks. */
export interface TracedPass {
  readonly graph: Graph;
  readonly hostValues: ReadonlyMap<string, HostValues>;
}

/** A training step. */
export interface TracedStep extends TracedPass {
  /** The inputs that it gives new numbers to: the variables that the loss depends on, and their moments. */
  readonly trained: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** The terms of the loss. */
  readonly terms: readonly string[];
  /** Who takes which outputs after each run. */
  readonly observers: ReadonlyMap<string, TakeValues>;
}

/** The names by which the graph of a step knows its inputs and outputs. */
export const stepNames = {
  variable: (name: string) => `variable.${name}`,
  term: (name: string) => `loss.${name}`,
  /** An output: what becomes of the input of this name. */
  next: (name: string) => `next.${name}`,
  rate: "adam.rate",
  offset: "adam.offset",
  scores: "scores",
} as const;

/**
 * Loss, gradients and the optimizer's update of one step, as one graph.
 *
 * @throws UnmappedKernelError
 */
export function traceStep(recommender: Recommender, shape: BatchShape, adam: AdamSettings): TracedStep {
  const hostValues = new Map<string, HostValues>();
  const trained = new Map<string, readonly number[]>();
  const terms = new Set<string>();
  const observers = new Map<string, TakeValues>();
  const graph = trace((recorder) => {
    hostValues.clear();
    observers.clear();
    const observed = new Map<string, tf.Tensor>();
    const outputs: Record<string, tf.Tensor> = {};
    const batch = batchInputs(recorder, recommender, shape);
    bindVariables(recorder, recommender);
    const context = tracedContext(true, recorder, hostValues, (tensor, take) => {
      const name = `observed.${observers.size + 1}`;
      observers.set(name, take);
      // It would be freed with what else the differentiated function made.
      observed.set(name, tf.keep(tf.clone(tensor)));
    });
    const losses = lossAndGradients(recommender, () => recommender.loss(batch, context));
    for (const [name, term] of Object.entries(losses.terms)) {
      terms.add(name);
      outputs[stepNames.term(name)] = tf.clone(term);
      term.dispose();
    }
    for (const [name, tensor] of observed) {
      outputs[name] = tf.clone(tensor);
      tensor.dispose();
    }
    const scalars = {
      rate: recorder.input<tf.Rank.R0>(stepNames.rate, []),
      offset: recorder.input<tf.Rank.R0>(stepNames.offset, []),
    };
    for (const [name, gradient] of losses.gradients) {
      const variable = recommender.variables[name];
      const names = { mean: momentName("mean", name), square: momentName("square", name) };
      const before = {
        mean: recorder.input(names.mean, variable.shape),
        square: recorder.input(names.square, variable.shape),
      };
      const after = adamStep(variable, gradient, before, scalars, settingsOf(name, adam));
      outputs[stepNames.next(stepNames.variable(name))] = after.variable;
      outputs[stepNames.next(names.mean)] = after.mean;
      outputs[stepNames.next(names.square)] = after.square;
      for (const state of [stepNames.variable(name), names.mean, names.square])
        trained.set(state, variable.shape);
    }
    return outputs;
  });
  return {
    graph,
    hostValues,
    trained: [...trained].map(([name, shape]) => ({ name, shape })),
    terms: [...terms],
    observers,
  };
}

/**
 * The scores of all items for a batch, as a graph.
 *
 * @throws UnmappedKernelError
 */
export function traceScores(recommender: Recommender, shape: BatchShape): TracedPass {
  const hostValues = new Map<string, HostValues>();
  const graph = trace((recorder) => {
    hostValues.clear();
    const batch = batchInputs(recorder, recommender, shape);
    bindVariables(recorder, recommender);
    const context = tracedContext(false, recorder, hostValues, () => {});
    return { [stepNames.scores]: recommender.scores(batch, context) };
  });
  return { graph, hostValues };
}

/** A context whose requests become inputs. */
function tracedContext(
  training: boolean,
  recorder: Recorder,
  hostValues: Map<string, HostValues>,
  observe: Observe,
): ForwardContext {
  const provide = <R extends tf.Rank>(shape: tf.ShapeMap[R], make: HostValues) => {
    const name = `host.${hostValues.size + 1}`;
    hostValues.set(name, make);
    return recorder.input<R>(name, shape);
  };
  return contextOf(training, provide, observe);
}

/** The arrays of a batch for a graph of at least its number of interactions; what is added has weight 0. */
export function batchArrays(rows: InteractionRows, { interactions }: BatchShape) {
  const padded = <Elements extends Int32Array | Float32Array>(
    values: Elements,
    empty: Elements,
    fill = 0,
  ) => {
    if (values.length === interactions) return values;
    empty.fill(fill).set(values);
    return empty;
  };
  // Rows ascend: what is added belongs to the last one.
  const last = Math.max(rows.users.length - 1, 0);
  return {
    users: rows.users,
    rows: padded(rows.rows, new Int32Array(interactions), last),
    items: padded(rows.items, new Int32Array(interactions)),
    weights: padded(rows.weights, new Float32Array(interactions)),
    ...(rows.profiles ? { profiles: rows.profiles.values } : {}),
  };
}

function batchInputs(
  recorder: Recorder,
  { itemCount }: Recommender,
  { users, interactions, profileWidth }: BatchShape,
): InteractionBatch {
  return {
    userCount: users,
    itemCount,
    users: recorder.input<tf.Rank.R1>("users", [users], "int32"),
    rows: recorder.input<tf.Rank.R1>("rows", [interactions], "int32"),
    items: recorder.input<tf.Rank.R1>("items", [interactions], "int32"),
    weights: recorder.input<tf.Rank.R1>("weights", [interactions]),
    ...(profileWidth > 0 ? { profiles: recorder.input<tf.Rank.R2>("profiles", [users, profileWidth]) } : {}),
  };
}

function bindVariables(recorder: Recorder, { variables }: Recommender): void {
  for (const [name, variable] of Object.entries(variables)) recorder.bind(stepNames.variable(name), variable);
}
