import { CompiledFunction, type ElementArray, type SessionOptions as RuntimeOptions } from "@dmrec/compile";
import { type InteractionRows, RandomGenerator, type Recommender } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { adamScalars, momentName } from "./adam";
import { assignVariables } from "./eager-engine";
import type { Engine, EngineReport, EngineSession, SessionOptions, StepClock } from "./engine";
import { hostStep } from "./forward-context";
import type { NamedArrays } from "./safetensors";
import { piecesOf } from "./scoring-pieces";
import { StateBuffers } from "./state-buffers";
import {
  type BatchShape,
  batchArrays,
  stepNames,
  type TracedPass,
  type TracedStep,
  traceScores,
  traceStep,
} from "./traced-step";

/** Runs every step as one graph in ONNX Runtime. */
export function compiledEngine(report: EngineReport, runtime: RuntimeOptions): Engine {
  return {
    report,
    async open(recommender, options) {
      // A backend that somebody else is starting would be in the way of a trace.
      await tf.ready();
      assertTraceable(recommender, options);
      return new CompiledSession(recommender, options, runtime);
    },
  };
}

/** What cannot be traced is known before the first step: by tracing the smallest batch. */
function assertTraceable(recommender: Recommender, { adam }: SessionOptions): void {
  const smallest = { users: 1, interactions: 1, profileWidth: 0 };
  traceStep(recommender, smallest, adam);
  traceScores(recommender, smallest);
}

/** A graph ready to run, for batches of at most its number of interactions. */
interface Program<Traced extends TracedPass> {
  readonly shape: BatchShape;
  readonly traced: Traced;
  readonly compiled: CompiledFunction;
}

class CompiledSession implements EngineSession {
  readonly #recommender: Recommender;
  readonly #options: SessionOptions;
  readonly #runtime: RuntimeOptions;
  readonly #random: RandomGenerator;
  /** Variables and their moments, by the names of the graphs' inputs. */
  readonly #state = new StateBuffers();
  /** Of the widest batch so far: a new one for each would wait for the garbage collector by the hundreds of megabytes. */
  #scoreBuffer = new Float32Array(0);
  /** Whether the recommender's own variables are behind. */
  #isChanged = false;
  /** The end of the last call: steps and scores take turns, for they share buffers and graphs. */
  #lastCall: Promise<unknown> = Promise.resolve();
  readonly #steps = new Map<string, Program<TracedStep>>();
  readonly #scores = new Map<string, Program<TracedPass>>();

  constructor(recommender: Recommender, options: SessionOptions, runtime: RuntimeOptions) {
    this.#recommender = recommender;
    this.#options = options;
    this.#runtime = runtime;
    this.#random = RandomGenerator.fromSeed(options.seed).fork("noise");
    const variables = Object.entries(recommender.variables).map(([name, variable]) => {
      const values: Float32Array = variable.dataSync<"float32">();
      return [name, { shape: variable.shape, values }] as const;
    });
    this.#writeState(Object.fromEntries(variables));
  }

  step(rows: InteractionRows, clock: StepClock): Promise<Record<string, number>> {
    return this.#inTurn(() => this.#step(rows, clock));
  }

  scores(rows: InteractionRows): Promise<Float32Array> {
    return this.#inTurn(() => this.#scoresOf(rows));
  }

  async #step(rows: InteractionRows, clock: StepClock): Promise<Record<string, number>> {
    const program = await this.#program(this.#steps, rows, (shape) =>
      traceStep(this.#recommender, shape, this.#options.adam),
    );
    const { trained, terms, observers } = program.traced;
    for (const { name, shape } of trained) this.#state.ensure(name, shape);
    const names = trained.map(({ name }) => name);
    const { rate, offset } = adamScalars(clock.step, this.#options.adam);
    const inputs = {
      ...this.#inputs(program, rows, clock),
      [stepNames.rate]: Float32Array.of(rate),
      [stepNames.offset]: Float32Array.of(offset),
    };
    const next = names.map((name) => [stepNames.next(name), this.#state.next(name)] as const);
    const outputs = await program.compiled.run(inputs, Object.fromEntries(next));
    this.#state.swap(names);
    this.#isChanged = true;
    for (const [name, take] of observers) take(Float32Array.from(outputs[name], Number));
    return Object.fromEntries(terms.map((term) => [term, Number(outputs[stepNames.term(term)][0])]));
  }

  async #scoresOf(rows: InteractionRows): Promise<Float32Array> {
    const { itemCount } = this.#recommender;
    const pieces = piecesOf(rows);
    const size = pieces.reduce((sum, { users }) => sum + users.length, 0) * itemCount;
    if (this.#scoreBuffer.length < size) this.#scoreBuffer = new Float32Array(size);
    let start = 0;
    for (const piece of pieces) {
      const program = await this.#program(this.#scores, piece, (shape) =>
        traceScores(this.#recommender, shape),
      );
      const end = start + piece.users.length * itemCount;
      const inputs = this.#inputs(program, piece, { step: 0, epoch: 0 });
      await program.compiled.run(inputs, { [stepNames.scores]: this.#scoreBuffer.subarray(start, end) });
      start = end;
    }
    return this.#scoreBuffer.subarray(0, rows.users.length * itemCount);
  }

  async readVariables(): Promise<NamedArrays> {
    const names = Object.keys(this.#recommender.variables);
    const arrays = this.#state.read(names.map(stepNames.variable));
    return Object.fromEntries(names.map((name) => [name, arrays[stepNames.variable(name)]]));
  }

  writeVariables(arrays: NamedArrays): void {
    this.#writeState(arrays);
    this.#isChanged = true;
  }

  #writeState(arrays: NamedArrays): void {
    const named = Object.entries(arrays).map(([name, array]) => [stepNames.variable(name), array] as const);
    this.#state.write(Object.fromEntries(named));
  }

  async readOptimizer(): Promise<NamedArrays> {
    const names = Object.keys(this.#recommender.variables);
    return this.#state.read(names.flatMap((name) => [momentName("mean", name), momentName("square", name)]));
  }

  writeOptimizer(arrays: NamedArrays): void {
    this.#state.write(arrays);
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      // One that only scored leaves alone what another may have trained meanwhile.
      if (this.#isChanged) assignVariables(this.#recommender, await this.readVariables());
      for (const { compiled } of [...this.#steps.values(), ...this.#scores.values()])
        await compiled.release();
    });
  }

  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#lastCall.then(call);
    // Whoever made a call that failed is told; the next one has its turn all the same.
    this.#lastCall = result.catch(() => {});
    return result;
  }

  /** The graph for a batch's size, traced when it is first needed or has become too small. */
  async #program<Traced extends TracedPass>(
    programs: Map<string, Program<Traced>>,
    rows: InteractionRows,
    traceFor: (shape: BatchShape) => Traced,
  ): Promise<Program<Traced>> {
    const shape = shapeFor(rows);
    const key = `${shape.users} ${shape.profileWidth}`;
    const known = programs.get(key);
    if (known && known.shape.interactions >= rows.items.length) return known;
    await known?.compiled.release();
    await tf.ready();
    const traced = traceFor(shape);
    const program = { shape, traced, compiled: await CompiledFunction.create(traced.graph, this.#runtime) };
    programs.set(key, program);
    return program;
  }

  /** What a graph reads: the batch, the state and what the host makes for this step. */
  #inputs({ shape, traced }: Program<TracedPass>, rows: InteractionRows, clock: StepClock) {
    const inputs: Record<string, ElementArray> = { ...batchArrays(rows, shape) };
    for (const { name } of traced.graph.inputs) {
      const state = this.#state.current(name);
      if (state) inputs[name] = state;
    }
    for (const [index, [name, make]] of [...traced.hostValues].entries()) {
      inputs[name] = make(hostStep(this.#random, clock, index + 1));
    }
    return inputs;
  }
}

/** Room for some more interactions than a batch has, so that others of its size rarely need a graph of their own. */
function shapeFor({ users, items, profiles }: InteractionRows): BatchShape {
  const step = Math.max(64, 2 ** Math.floor(Math.log2(Math.max(items.length, 1)) - 3));
  return {
    users: users.length,
    interactions: Math.ceil((items.length + 1) / step) * step,
    profileWidth: profiles?.columnCount ?? 0,
  };
}
