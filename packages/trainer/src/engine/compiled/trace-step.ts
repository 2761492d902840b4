import { type Graph, type Recorder, trace } from "@dmrec/compile";
import { type Recommender, type TensorBranch, tensorsOf } from "@dmrec/core";
import { contextOf, type MakeValues, type TakeValues, type TrainingStates } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { type AdamSettings, momentName, resolveSettings } from "../../optimizer/adam";
import { clippedGradients, lossAndGradients } from "../../optimizer/gradients";
import { groupUpdates, type ParameterUpdate, updateTogether } from "../../optimizer/grouped-updates";
import { trainedArrays } from "../../trained-arrays";
import { type BatchShape, batchInputs } from "./batch-inputs";
import { graphNames } from "./names";

/** A graph and the values that the host makes for each run of it: its inputs by name, in the order of the requests. */
export interface TracedPass {
  readonly graph: Graph;
  readonly hostValues: ReadonlyMap<string, MakeValues>;
}

/** A training step. */
export interface TracedStep extends TracedPass {
  /** The inputs that the step gives new values: the parameters that the loss depends on, and their moments. */
  readonly trained: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** The tables of items that the loss depends on. The graph computes the gradients of their rows, and the host updates these rows. */
  readonly tables: readonly string[];
  /** The names of the loss terms. */
  readonly terms: readonly string[];
  /** The takers of reported tensors, by output. */
  readonly reports: ReadonlyMap<string, TakeValues>;
}

/** The model and the tensors that all of its traces share. */
export interface TraceInput {
  readonly recommender: Recommender;
  /** The model's constants by full name, which graphs share. */
  readonly constants: ReadonlyMap<string, tf.Tensor>;
}

export interface StepInput extends TraceInput {
  readonly adam: AdamSettings;
  readonly states: TrainingStates;
  /** The names of the tables of items of which a step is given some rows. */
  readonly tables: readonly string[];
  /** Small parameters are updated together, because a graphics card takes about as long to start an operation. */
  readonly onDevice: boolean;
}

/**
 * Loss, gradients and the optimizer's update of one step, as one graph.
 *
 * @throws UnmappedKernelError
 */
export function traceStep(input: StepInput, shape: BatchShape): TracedStep {
  const { recommender, adam, states, onDevice } = input;
  const touched = shape.kind === "users" ? shape.touched : 0;
  const hostValues = new Map<string, MakeValues>();
  const trained = new Map<string, readonly number[]>();
  const tables = new Set<string>();
  const terms = new Set<string>();
  const reports = new Map<string, TakeValues>();
  const graph = trace((recorder) => {
    hostValues.clear();
    reports.clear();
    /** Tensors that the model reports and the terms, by output. */
    const kept = new Map<string, tf.Tensor>();
    const { parameters, tree } = modelInputs(recorder, input, (name, shape) =>
      input.tables.includes(name) ? [touched, ...shape.slice(1)] : shape,
    );
    const batch = batchInputs(recorder, shape);
    const context = contextOf({
      training: true,
      provide: hostInputs(recorder, hostValues),
      states,
      report(tensor, take) {
        const name = graphNames.reported(reports.size + 1);
        reports.set(name, take);
        // Kept, because tfjs frees what the differentiated function made.
        kept.set(name, tf.keep(tf.clone(tensor)));
      },
    });
    const outputs: Record<string, tf.Tensor> = {};
    let gradients: ReadonlyMap<string, tf.Tensor>;
    try {
      const losses = lossAndGradients(parameters, () => {
        recorder.region("loss");
        const terms = recommender.loss(tree, batch, context);
        recorder.region("gradients");
        return terms;
      });
      gradients = clippedGradients(losses.gradients, adam.maximumGradientNorm);
      for (const [name, term] of Object.entries(losses.terms)) {
        terms.add(name);
        kept.set(graphNames.term(name), term);
      }
      // Clones, which tfjs frees with the trace.
      for (const [name, tensor] of kept) outputs[name] = tf.clone(tensor);
    } finally {
      tf.dispose([...kept.values()]);
    }
    recorder.region("optimizer");
    const scalars = {
      rate: recorder.input<tf.Rank.R0>(graphNames.rate, []),
      offset: recorder.input<tf.Rank.R0>(graphNames.offset, []),
    };
    const updates: ParameterUpdate[] = [];
    for (const [name, array] of trainedArrays(recommender)) {
      const [parameter, gradient] = [parameters.get(name), gradients.get(name)];
      if (!parameter || !gradient) continue;
      if (input.tables.includes(name)) {
        outputs[graphNames.gradient(name)] = gradient;
        tables.add(name);
        continue;
      }
      const [mean, square] = (["mean", "square"] as const).map((moment) =>
        recorder.input(momentName(moment, name), parameter.shape),
      );
      updates.push({
        name,
        parameter,
        gradient,
        before: { mean, square },
        settings: resolveSettings(array, adam),
      });
    }
    for (const group of onDevice ? groupUpdates(updates) : updates.map((update) => [update])) {
      for (const [name, after] of updateTogether(group, scalars)) {
        const names = {
          parameter: graphNames.parameter(name),
          mean: momentName("mean", name),
          square: momentName("square", name),
        };
        for (const part of ["parameter", "mean", "square"] as const) {
          outputs[graphNames.next(names[part])] = after[part];
          trained.set(names[part], after[part].shape);
        }
      }
    }
    return outputs;
  });
  return {
    graph,
    hostValues,
    trained: [...trained].map(([name, shape]) => ({ name, shape })),
    tables: [...tables],
    terms: [...terms],
    reports,
  };
}

/**
 * The model's parameters as inputs of a graph, and the tree that the model gets.
 *
 * @param shapeOf The shape of a parameter in this graph. Default: its own.
 */
export function modelInputs(
  recorder: Recorder,
  { recommender, constants }: TraceInput,
  shapeOf = (_name: string, shape: readonly number[]) => shape,
): { readonly parameters: ReadonlyMap<string, tf.Tensor>; readonly tree: TensorBranch } {
  const parameters = new Map<string, tf.Tensor>();
  const trained = trainedArrays(recommender);
  const tree = tensorsOf(recommender.parameters, (name) => {
    const constant = constants.get(name);
    if (constant) return constant;
    const shape = trained.get(name)?.shape ?? [];
    const parameter = recorder.input(graphNames.parameter(name), [...shapeOf(name, shape)]);
    parameters.set(name, parameter);
    return parameter;
  });
  return { parameters, tree };
}

/** Turns the requests of a model into inputs of a graph. */
export function hostInputs(
  recorder: Recorder,
  hostValues: Map<string, MakeValues>,
): <R extends tf.Rank>(shape: tf.ShapeMap[R], make: MakeValues) => tf.Tensor<R> {
  return <R extends tf.Rank>(shape: tf.ShapeMap[R], make: MakeValues) => {
    const name = graphNames.host(hostValues.size + 1);
    hostValues.set(name, make);
    return recorder.input<R>(name, shape);
  };
}
