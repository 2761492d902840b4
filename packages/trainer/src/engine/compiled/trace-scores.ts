import { type Graph, type Recorder, trace } from "@dmrec/compile";
import type { TensorBranch } from "@dmrec/core";
import { contextOf, createTrainingStates, type MakeValues } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { assertScoresFit } from "../../assert-fits";
import { mapTensors } from "../tensor-tree";
import { type UserShape, userInputs } from "./batch-inputs";
import { type Blocks, lowestScore } from "./merge-rankings";
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
export function traceScores(input: TraceInput, shape: UserShape, preparation: TracedPreparation): TracedPass {
  return tracePass(input, shape, preparation, (scores) => ({ [graphNames.scores]: scores }));
}

/** The sizes that a graph of rankings is fixed to, beside those of its batch. */
export interface RankingShape {
  /** The number of pairs of row and item that are left out; 0 for a graph that leaves out none. */
  readonly excluded: number;
  /** The length of a ranking. */
  readonly count: number;
  /** The blocks of items, each ranked by itself. */
  readonly blocks: Blocks;
}

/**
 * The best items of each row and block of items, with the sum of each row's scores, as a graph. Only they leave the card.
 *
 * @throws UnmappedKernelError
 */
export function traceRanking(
  input: TraceInput,
  shape: UserShape,
  preparation: TracedPreparation,
  { excluded, count, blocks }: RankingShape,
): TracedPass {
  return tracePass(input, shape, preparation, (scores, recorder) => {
    const pairs = (field: "rows" | "items") =>
      recorder.input<tf.Rank.R1>(graphNames.excluded(field), [excluded], "int32");
    const left =
      excluded === 0
        ? scores
        : tf.tensorScatterUpdate(
            scores,
            tf.stack([pairs("rows"), pairs("items")], 1),
            tf.fill([excluded], lowestScore),
          );
    const room = blocks.count * blocks.width - shape.itemCount;
    const padded =
      room === 0
        ? left
        : tf.pad(
            left,
            [
              [0, 0],
              [0, room],
            ],
            lowestScore,
          );
    const stacked = tf.reshape(padded, [shape.users * blocks.count, blocks.width]);
    const { values, indices } = tf.topk(stacked, Math.min(count, blocks.width));
    return {
      [graphNames.best]: values,
      [graphNames.bestPlaces]: indices,
      [graphNames.totals]: tf.sum(scores, 1),
    };
  });
}

function tracePass(
  { recommender }: TraceInput,
  shape: UserShape,
  preparation: TracedPreparation,
  outputsOf: (scores: tf.Tensor2D, recorder: Recorder) => Readonly<Record<string, tf.Tensor>>,
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
    return outputsOf(scores, recorder);
  });
  return { graph, hostValues };
}

function typeOf({ dtype }: tf.Tensor): "float32" | "int32" {
  return dtype === "int32" ? "int32" : "float32";
}
