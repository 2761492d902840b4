import {
  CompiledFunction,
  createMemory,
  type ElementArray,
  type Memory,
  type SessionOptions as RuntimeOptions,
} from "@dmrec/compile";
import {
  type EngineReport,
  type ExampleRows,
  RandomGenerator,
  type Recommender,
  type UserRows,
} from "@dmrec/core";
import { type StepClock, stepInfo } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { NamedArrays } from "../../artifacts/safetensors";
import { adamScalars, momentName } from "../../optimizer/adam";
import { trainedArrays } from "../../trained-arrays";
import { betweenStarts } from "../backend-starts";
import type { Engine, EngineSession, RankedUsers, SessionOptions } from "../engine";
import { ItemTables } from "../item-tables";
import { RunStates } from "../run-states";
import { type BatchShape, batchArrays, shapeFor, type UserShape, userShape } from "./batch-inputs";
import { withCompiledProduct } from "./compiled-product";
import { constantTensors } from "./constant-tensors";
import { excludedPairs } from "./excluded-pairs";
import { withMemoryAccount } from "./memory-account";
import { blocksOf, mergeRankings } from "./merge-rankings";
import { graphNames, parameterInputs, renamed } from "./names";
import { type Program, Programs } from "./programs";
import { largestPieceOnDevice, splitIntoPieces } from "./scoring-pieces";
import { type TracedPreparation, tracePreparation, traceRanking, traceScores } from "./trace-scores";
import { type TracedPass, type TracedStep, type TraceInput, traceStep } from "./trace-step";

/** Runs every step as one graph in ONNX Runtime. */
export function compiledEngine(report: EngineReport, runtime: RuntimeOptions): Engine {
  return {
    report,
    async open(recommender, options) {
      const memory = await createMemory(runtime);
      return betweenStarts(() => new CompiledSession(report, recommender, options, runtime, memory));
    },
    withProduct: (compute) => withCompiledProduct(runtime, compute),
  };
}

/** Longer rankings are made on the host: a card ranks blocks of items, each as long as the whole. */
const largestRanking = 256;

class CompiledSession implements EngineSession {
  readonly report: EngineReport;
  readonly states = new RunStates();
  readonly #model: TraceInput;
  readonly #options: SessionOptions;
  readonly #runtime: RuntimeOptions;
  readonly #random: RandomGenerator;
  readonly #parameterNames: readonly string[];
  /** Parameters, their moments and prepared arrays, by the names of the graphs' inputs. */
  readonly #memory: Memory;
  /** The parameters that are not in the memory, because a step touches few of their rows. */
  readonly #tables: ItemTables;
  /** True if the memory of a card has the present tables, which scores read. */
  #hasTables = false;
  readonly #steps: Programs<BatchShape, TracedStep>;
  readonly #scores: Programs<UserShape, TracedPass>;
  readonly #rankings: Programs<UserShape, TracedPass>;
  #preparation: TracedPreparation | undefined;
  #preparationProgram: CompiledFunction | undefined;
  /** The prepared arrays of the present weights that the memory does not hold. */
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
    memory: Memory,
  ) {
    this.report = report;
    this.#memory = memory;
    this.#options = options;
    this.#runtime = runtime;
    this.#random = RandomGenerator.fromSeed(options.seed).fork("noise");
    this.#steps = new Programs({
      runtime,
      memory,
      keepsOf: ({ trained }) =>
        Object.fromEntries(trained.map(({ name }) => [graphNames.next(name), name] as const)),
    });
    this.#scores = new Programs({ runtime, memory });
    this.#rankings = new Programs({ runtime, memory });
    this.#model = { recommender, constants: constantTensors(recommender) };
    const trained = trainedArrays(recommender);
    this.#parameterNames = [...trained.keys()];
    this.#tables = new ItemTables(recommender, options.adam);
    this.writeParameters(Object.fromEntries(trained));
  }

  step(rows: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    return this.#inTurn(() =>
      this.#step(rows, clock).catch((failure: unknown) => {
        throw withMemoryAccount(failure, {
          recommender: this.#model.recommender,
          rows,
          onDevice: this.#memory.place === "device",
          tables: this.#tables.names,
        });
      }),
    );
  }

  score(rows: UserRows, into: Float32Array): Promise<void> {
    return this.#inTurn(() => this.#score(rows, into));
  }

  rank(rows: UserRows, request: RankedUsers): Promise<readonly Int32Array[] | undefined> {
    // On the host, scores are there anyway.
    if (this.#memory.place === "host" || request.count > largestRanking) return Promise.resolve(undefined);
    return this.#inTurn(() => this.#rank(rows, request));
  }

  async #step(examples: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    const rows = this.#tables.touch(examples);
    const { adam } = this.#options;
    const onDevice = this.#memory.place === "device";
    const program = await this.#steps.for(shapeFor(rows), rows, (shape) =>
      traceStep({ ...this.#model, adam, states: this.states, onDevice, tables: this.#tables.names }, shape),
    );
    const { trained, tables, terms, reports } = program.traced;
    const touched = "touched" in rows ? rows.touched : undefined;
    for (const { name, shape } of trained) this.#memory.ensure(name, shape);
    const { rate, offset } = adamScalars(clock.step, adam);
    const rowCount = program.shape.kind === "users" ? program.shape.touched : 0;
    const inputs = {
      ...this.#inputs(program, rows, clock),
      ...(touched && parameterInputs(this.#tables.gather(touched, rowCount))),
      [graphNames.rate]: Float32Array.of(rate),
      [graphNames.offset]: Float32Array.of(offset),
    };
    const gradients = Object.fromEntries(
      tables.map((name) => [name, this.#tables.gradientRoom(name, rowCount)] as const),
    );
    const outputs = await program.compiled.run(inputs, renamed(gradients, graphNames.gradient));
    this.#forgetPrepared();
    if (touched) this.#tables.update(touched, gradients, clock.step);
    for (const [name, take] of reports) take(Float32Array.from(outputs[name], Number));
    return Object.fromEntries(terms.map((term) => [term, Number(outputs[graphNames.term(term)][0])]));
  }

  async #score(rows: UserRows, into: Float32Array): Promise<void> {
    const { itemCount } = this.#model.recommender;
    const preparation = await this.#tracedPreparation();
    const prepared = await this.#prepare(preparation);
    const size = rows.rowCount * itemCount;
    let start = 0;
    for (const piece of splitIntoPieces(rows)) {
      const program = await this.#scores.for(userShape(piece), piece, (shape) =>
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

  async #rank(rows: UserRows, request: RankedUsers): Promise<readonly Int32Array[] | undefined> {
    const { itemCount } = this.#model.recommender;
    const { count } = request;
    const blocks = blocksOf(itemCount);
    const preparation = await this.#tracedPreparation();
    const prepared = await this.#prepare(preparation);
    const rankings: Int32Array[] = [];
    for (const piece of splitIntoPieces(rows, largestPieceOnDevice)) {
      const { rowCount } = piece;
      const left = excludedPairs(request, rankings.length, rankings.length + rowCount);
      const ranking = { excluded: left.rows.length, count, blocks };
      const program = await this.#rankings.for(
        userShape(piece),
        piece,
        (shape) => traceRanking(this.#model, shape, preparation, ranking),
        ` ${count} ${left.rows.length}`,
      );
      const outputs = await program.compiled.run({
        ...this.#inputs(program, piece, { step: 0, epoch: 0 }),
        ...prepared,
        ...(left.rows.length > 0 && {
          [graphNames.excluded("rows")]: left.rows,
          [graphNames.excluded("items")]: left.items,
        }),
      });
      const totals = outputs[graphNames.totals];
      const values = outputs[graphNames.best];
      const places = outputs[graphNames.bestPlaces];
      if (!(values instanceof Float32Array && places instanceof Int32Array)) return undefined;
      if (!(totals instanceof Float32Array) || !totals.every(Number.isFinite)) return undefined;
      for (let row = 0; row < rowCount && rankings.length < rows.rowCount; row += 1)
        rankings.push(mergeRankings({ values, places, blocks }, row, { rowCount, count }));
    }
    return rankings;
  }

  async #tracedPreparation(): Promise<TracedPreparation> {
    this.#preparation ??= await betweenStarts(() => tracePreparation(this.#model));
    return this.#preparation;
  }

  /** Computes the prepared arrays, once for each set of weights. */
  async #prepare({ graph, computed }: TracedPreparation): Promise<Readonly<Record<string, ElementArray>>> {
    const tables = this.#wholeTables();
    if (computed.size === 0) return tables;
    if (!this.#prepared) {
      const floats = Object.entries(graph.outputs).filter(([, { type }]) => type === "float32");
      const keeps = Object.fromEntries(floats.map(([name]) => [name, name] as const));
      const memory = this.#memory;
      this.#preparationProgram ??= await CompiledFunction.create(graph, this.#runtime, { memory, keeps });
      this.#prepared = await this.#preparationProgram.run(tables);
    }
    return { ...tables, ...this.#prepared };
  }

  /** The tables of items for graphs that read all of their rows, if the memory does not hold them. */
  #wholeTables(): Readonly<Record<string, Float32Array>> {
    if (this.#memory.place === "host") return parameterInputs(this.#tables.values());
    if (!this.#hasTables) this.#memory.write(renamed(this.#tables.values(), graphNames.parameter));
    this.#hasTables = true;
    return {};
  }

  #forgetPrepared(): void {
    this.#prepared = undefined;
    this.#hasTables = false;
  }

  #room(length: number): Float32Array {
    if (this.#lastPiece.length < length) this.#lastPiece = new Float32Array(length);
    return this.#lastPiece.subarray(0, length);
  }

  readParameters(): Promise<NamedArrays> {
    return this.#inTurn(async () => {
      const arrays = await this.#memory.read(this.#memoryNames());
      const tables = this.#tables.values();
      const named = this.#parameterNames.map(
        (name) => [name, tables[name] ?? arrays[graphNames.parameter(name)]] as const,
      );
      return Object.fromEntries(named);
    });
  }

  writeParameters(arrays: NamedArrays): void {
    const others = Object.entries(arrays).filter(([name]) => !this.#tables.has(name));
    this.#memory.write(renamed(Object.fromEntries(others), graphNames.parameter));
    this.#tables.write(arrays);
    this.#forgetPrepared();
  }

  readOptimizer(): Promise<NamedArrays> {
    const moments = this.#parameterNames.flatMap((name) => [
      momentName("mean", name),
      momentName("square", name),
    ]);
    return this.#inTurn(async () => ({ ...(await this.#memory.read(moments)), ...this.#tables.moments() }));
  }

  writeOptimizer(arrays: NamedArrays): void {
    this.#memory.keepOnly(this.#memoryNames());
    const others = Object.entries(arrays).filter(([name]) => !this.#tables.hasMoment(name));
    this.#memory.write(Object.fromEntries(others));
    this.#tables.writeMoments(arrays);
    this.#forgetPrepared();
  }

  /** The names of the parameters in the memory. */
  #memoryNames(): string[] {
    return this.#parameterNames.filter((name) => !this.#tables.has(name)).map(graphNames.parameter);
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const programs of [this.#steps, this.#scores, this.#rankings]) await programs.release();
      await this.#preparationProgram?.release();
      await this.#memory.release();
      tf.dispose([...this.#model.constants.values()]);
    });
  }

  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#lastCall.then(call);
    // A failure rejects its own call only; the queue continues.
    this.#lastCall = result.catch(() => {});
    return result;
  }

  /** The inputs of a graph that the memory does not hold: the batch and the values that the host makes for this step. */
  #inputs(
    { shape, traced }: Program<BatchShape, TracedPass>,
    rows: ExampleRows,
    clock: StepClock,
  ): Record<string, ElementArray> {
    const inputs: Record<string, ElementArray> = { ...batchArrays(rows, shape) };
    for (const [index, [name, make]] of [...traced.hostValues].entries()) {
      inputs[name] = make(stepInfo(this.#random, clock, rows, index + 1));
    }
    return inputs;
  }
}
