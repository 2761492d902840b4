import { type Graph, type Recorder, trace } from "@dmrec/compile";
import type { TensorBranch } from "@dmrec/core";
import { contextOf, createTrainingStates, type MakeValues } from "@dmrec/layers";
import type * as tf from "@tensorflow/tfjs-core";
import { assertScoresFit } from "../../assert-fits";
import { mapTensors } from "../tensor-tree";
import { type UserShape, userInputs } from "./batch-inputs";
import { graphNames } from "./names";
import { hostInputs, modelInputs, type TracedPass, type TraceInput } from "./trace-step";

/** The model's `prepare` and its result: the arrays that scores get beside parameters and constants. */
export interface TracedPreparation {
  /** Computes the prepared arrays from the parameters. */
  readonly graph: Graph;
  /** The computed arrays by name, with their shapes. */
  readonly computed: ReadonlyMap<string, readonly number[]>;
  /** The tree that scores get, with inputs of a graph in place of parameters and computed arrays. */
  readonly inputs: (recorder: Recorder) => TensorBranch;
}

/**
 * The model's `prepare` as a graph.
 *
 * @throws UnmappedKernelError
 */
export function tracePreparation(input: TraceInput): TracedPreparation {
  const computed = new Map<string, readonly number[]>();
  /** The input of a scoring graph for each place of the tree; constants stay themselves. */
  let places: TensorBranch = {};
  /** The name of that input. */
  const inputNames = new Map<tf.Tensor, string>();
  const graph = trace((recorder) => {
    computed.clear();
    inputNames.clear();
    const { parameters, tree } = modelInputs(recorder, input);
    const { recommender, constants } = input;
    const prepared = recommender.prepare?.(tree) ?? tree;
    for (const [name, tensor] of parameters) inputNames.set(tensor, graphNames.parameter(name));
    const own = new Set(constants.values());
    const outputs: Record<string, tf.Tensor> = {};
    places = mapTensors(prepared, (tensor, path) => {
      if (own.has(tensor) || inputNames.has(tensor)) return tensor;
      const name = graphNames.prepared(path);
      computed.set(name, tensor.shape);
      inputNames.set(tensor, name);
      outputs[name] = tensor;
      return tensor;
    });
    return outputs;
  });
  return {
    graph,
    computed,
    inputs: (recorder) => {
      const inputs = new Map<string, tf.Tensor>();
      return mapTensors(places, (tensor) => {
        const name = inputNames.get(tensor);
        if (name === undefined) return tensor;
        // One input for each name, however often the tree has it.
        const input = inputs.get(name) ?? recorder.input(name, tensor.shape, typeOf(tensor));
        inputs.set(name, input);
        return input;
      });
    },
  };
}

/**
 * The scores of all items for a batch, as a graph.
 *
 * @throws UnmappedKernelError
 */
export function traceScores(
  { recommender }: TraceInput,
  shape: UserShape,
  preparation: TracedPreparation,
): TracedPass {
  const hostValues = new Map<string, MakeValues>();
  const graph = trace((recorder) => {
    hostValues.clear();
    const context = contextOf({
      training: false,
      provide: hostInputs(recorder, hostValues),
      states: createTrainingStates(),
      report: () => {},
    });
    const scores = recommender.scores(preparation.inputs(recorder), userInputs(recorder, shape), context);
    assertScoresFit(recommender, scores, shape.users);
    return { [graphNames.scores]: scores };
  });
  return { graph, hostValues };
}

function typeOf({ dtype }: tf.Tensor): "float32" | "int32" {
  return dtype === "int32" ? "int32" : "float32";
}
