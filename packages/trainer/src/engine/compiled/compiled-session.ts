import { CompiledFunction, type ElementArray, type SessionOptions as RuntimeOptions } from "@dmrec/compile";
import {
  arraysByName,
  type EngineReport,
  type ExampleRows,
  isConstant,
  RandomGenerator,
  type Recommender,
  type UserRows,
} from "@dmrec/core";
import { type StepClock, stepInfo } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { NamedArrays } from "../../artifacts/safetensors";
import { adamScalars, momentName } from "../../optimizer/adam";
import { trainedArrays } from "../../trained-arrays";
import type { Engine, EngineSession, SessionOptions } from "../engine";
import { RunStates } from "../run-states";
import {
  type BatchShape,
  batchArrays,
  hasRoom,
  shapeFor,
  shapeKey,
  type UserShape,
  userShape,
} from "./batch-inputs";
import { withCompiledProduct } from "./compiled-product";
import { graphNames } from "./names";
import { splitIntoPieces } from "./scoring-pieces";
import { StateBuffers } from "./state-buffers";
import { type TracedPreparation, tracePreparation, traceScores } from "./trace-scores";
import { type TracedPass, type TracedStep, type TraceInput, traceStep } from "./trace-step";

/** Runs every step as one graph in ONNX Runtime. */
export function compiledEngine(report: EngineReport, runtime: RuntimeOptions): Engine {
  return {
    report,
    async open(recommender, options) {
      // A backend that starts meanwhile would disturb the tensors of constants.
      await tf.ready();
      return new CompiledSession(report, recommender, options, runtime);
    },
    withProduct: (compute) => withCompiledProduct(runtime, compute),
  };
}

/** A graph ready to run, for batches of at most its number of interactions. */
interface Program<Shape extends BatchShape, Traced extends TracedPass> {
  readonly shape: Shape;
  readonly traced: Traced;
  readonly compiled: CompiledFunction;
}

class CompiledSession implements EngineSession {
  readonly report: EngineReport;
  readonly states = new RunStates();
  readonly #model: TraceInput;
  readonly #options: SessionOptions;
  readonly #runtime: RuntimeOptions;
  readonly #random: RandomGenerator;
  readonly #parameterNames: readonly string[];
  /** Parameters and their moments, by the names of the graphs' inputs. */
  readonly #state = new StateBuffers();
  readonly #steps = new Map<string, Program<BatchShape, TracedStep>>();
  readonly #scores = new Map<string, Program<UserShape, TracedPass>>();
  #preparation: TracedPreparation | undefined;
  #preparationProgram: CompiledFunction | undefined;
  /** The prepared arrays of the present weights. */
  #prepared: Readonly<Record<string, ElementArray>> | undefined;
  /** The scores of a last piece, whose filled-up rows the caller's array has no room for. */
  #lastPiece = new Float32Array(0);
  /** The end of the last call. Calls take turns, because they share buffers and graphs. */
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(
    report: EngineReport,
    recommender: Recommender,
    options: SessionOptions,
    runtime: RuntimeOptions,
  ) {
    this.report = report;
    this.#options = options;
    this.#runtime = runtime;
    this.#random = RandomGenerator.fromSeed(options.seed).fork("noise");
    this.#model = { recommender, constants: constantTensors(recommender) };
    const trained = trainedArrays(recommender);
    this.#parameterNames = [...trained.keys()];
    this.writeParameters(Object.fromEntries(trained));
  }

  step(rows: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    return this.#inTurn(() => this.#step(rows, clock));
  }

  score(rows: UserRows, into: Float32Array): Promise<void> {
    return this.#inTurn(() => this.#score(rows, into));
  }

  async #step(rows: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    const { adam } = this.#options;
    const program = await this.#program(this.#steps, shapeFor(rows), rows, (shape) =>
      traceStep({ ...this.#model, adam, states: this.states }, shape),
    );
    const { trained, terms, reports } = program.traced;
    for (const { name, shape } of trained) this.#state.ensure(name, shape);
    const names = trained.map(({ name }) => name);
    const { rate, offset } = adamScalars(clock.step, adam);
    const inputs = {
      ...this.#inputs(program, rows, clock),
      [graphNames.rate]: Float32Array.of(rate),
      [graphNames.offset]: Float32Array.of(offset),
    };
    const next = names.map((name) => [graphNames.next(name), this.#state.next(name)] as const);
    const outputs = await program.compiled.run(inputs, Object.fromEntries(next));
    this.#state.swap(names);
    this.#prepared = undefined;
    for (const [name, take] of reports) take(Float32Array.from(outputs[name], Number));
    return Object.fromEntries(terms.map((term) => [term, Number(outputs[graphNames.term(term)][0])]));
  }

  async #score(rows: UserRows, into: Float32Array): Promise<void> {
    const { itemCount } = this.#model.recommender;
    const preparation = this.#tracedPreparation();
    const prepared = await this.#prepare(preparation);
    const size = rows.rowCount * itemCount;
    let start = 0;
    for (const piece of splitIntoPieces(rows)) {
      const program = await this.#program(this.#scores, userShape(piece), piece, (shape) =>
        traceScores(this.#model, shape, preparation),
      );
      const length = piece.rowCount * itemCount;
      const target = start + length <= size ? into.subarray(start, start + length) : this.#room(length);
      const inputs = { ...this.#inputs(program, piece, { step: 0, epoch: 0 }), ...prepared };
      await program.compiled.run(inputs, { [graphNames.scores]: target });
      if (start + length > size) into.set(target.subarray(0, size - start), start);
      start += length;
    }
  }

  #tracedPreparation(): TracedPreparation {
    this.#preparation ??= tracePreparation(this.#model);
    return this.#preparation;
  }

  /** Computes the prepared arrays, once for each set of weights. */
  async #prepare({ graph, computed }: TracedPreparation): Promise<Readonly<Record<string, ElementArray>>> {
    if (computed.size === 0) return {};
    if (!this.#prepared) {
      this.#preparationProgram ??= await CompiledFunction.create(graph, this.#runtime);
      this.#prepared = await this.#preparationProgram.run(this.#stateInputs(graph));
    }
    return this.#prepared;
  }

  #room(length: number): Float32Array {
    if (this.#lastPiece.length < length) this.#lastPiece = new Float32Array(length);
    return this.#lastPiece.subarray(0, length);
  }

  async readParameters(): Promise<NamedArrays> {
    const arrays = this.#state.read(this.#parameterNames.map(graphNames.parameter));
    return Object.fromEntries(this.#parameterNames.map((name) => [name, arrays[graphNames.parameter(name)]]));
  }

  writeParameters(arrays: NamedArrays): void {
    const named = Object.entries(arrays).map(([name, array]) => [graphNames.parameter(name), array] as const);
    this.#state.write(Object.fromEntries(named));
    this.#prepared = undefined;
  }

  async readOptimizer(): Promise<NamedArrays> {
    return this.#state.read(
      this.#parameterNames.flatMap((name) => [momentName("mean", name), momentName("square", name)]),
    );
  }

  writeOptimizer(arrays: NamedArrays): void {
    this.#state.keepOnly(this.#parameterNames.map(graphNames.parameter));
    this.#state.write(arrays);
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const programs = [...this.#steps.values(), ...this.#scores.values()].map(({ compiled }) => compiled);
      for (const compiled of programs) await compiled.release();
      await this.#preparationProgram?.release();
      tf.dispose([...this.#model.constants.values()]);
    });
  }

  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#lastCall.then(call);
    // A failure rejects its own call only; the queue continues.
    this.#lastCall = result.catch(() => {});
    return result;
  }

  /** The graph for a batch, traced when it is first needed or has become too small. */
  async #program<Shape extends BatchShape, Traced extends TracedPass>(
    programs: Map<string, Program<Shape, Traced>>,
    shape: Shape,
    rows: ExampleRows,
    traceFor: (shape: Shape) => Traced,
  ): Promise<Program<Shape, Traced>> {
    const key = shapeKey(shape);
    const known = programs.get(key);
    if (known && hasRoom(known.shape, rows)) return known;
    await tf.ready();
    const traced = traceFor(shape);
    // First the new one: if it cannot be made, the old one still serves the batches that it has room for.
    const program = { shape, traced, compiled: await CompiledFunction.create(traced.graph, this.#runtime) };
    programs.set(key, program);
    await known?.compiled.release();
    return program;
  }

  /** The inputs of a graph: the batch, the state and the values that the host makes for this step. */
  #inputs(
    { shape, traced }: Program<BatchShape, TracedPass>,
    rows: ExampleRows,
    clock: StepClock,
  ): Record<string, ElementArray> {
    const inputs = { ...batchArrays(rows, shape), ...this.#stateInputs(traced.graph) };
    for (const [index, [name, make]] of [...traced.hostValues].entries()) {
      inputs[name] = make(stepInfo(this.#random, clock, rows, index + 1));
    }
    return inputs;
  }

  /** The inputs of a graph that are state. */
  #stateInputs({ inputs }: TracedPass["graph"]): Record<string, ElementArray> {
    return Object.fromEntries(
      inputs.flatMap(({ name }) => {
        const current = this.#state.current(name);
        return current ? [[name, current] as const] : [];
      }),
    );
  }
}

/** Tensors of the model's constants. All graphs share the arrays behind them. */
function constantTensors({ parameters }: Recommender): ReadonlyMap<string, tf.Tensor> {
  const constants = [...arraysByName(parameters)].flatMap(([name, array]) => {
    if (!isConstant(array)) return [];
    const type = array.values instanceof Int32Array ? "int32" : "float32";
    return [[name, tf.tensor(array.values, [...array.shape], type)] as const];
  });
  return new Map(constants);
}
