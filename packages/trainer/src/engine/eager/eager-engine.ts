import {
  arraysByName,
  type DenseMatrix,
  type EngineReport,
  type ExampleRows,
  isConstant,
  type LossTerms,
  RandomGenerator,
  type Recommender,
  type TensorBranch,
  tensorsOf,
  type UserRows,
} from "@dmrec/core";
import {
  batchTensors,
  createForwardContext,
  type StepClock,
  type TakeValues,
  userTensors,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { NamedArray, NamedArrays } from "../../artifacts/safetensors";
import { assertScoresFit } from "../../assert-fits";
import { adamScalars, adamStep, type Moments, momentName, resolveSettings } from "../../optimizer/adam";
import { clippedGradients, lossAndGradients } from "../../optimizer/gradients";
import { trainedArrays } from "../../trained-arrays";
import type { Engine, EngineSession, SessionOptions } from "../engine";
import { ItemTables } from "../item-tables";
import { RunStates } from "../run-states";
import { tensorsByName } from "../tensor-tree";
import { activateBackend, type LoadedBackend } from "./tensor-backend";

/** Runs every step operation by operation through tfjs, on a backend. */
export function eagerEngine(report: EngineReport, backend: LoadedBackend): Engine {
  return {
    report,
    async open(recommender, options) {
      await activateBackend(backend);
      return new EagerSession(report, backend, recommender, options);
    },
    withProduct: (compute) => compute((a, b) => eagerProduct(backend, a, b)),
  };
}

async function eagerProduct(backend: LoadedBackend, a: DenseMatrix, b: DenseMatrix): Promise<DenseMatrix> {
  await activateBackend(backend);
  const product = tf.tidy(() => {
    const [left, right] = [a, b].map(({ values, rowCount, columnCount }) =>
      tf.tensor2d(values, [rowCount, columnCount]),
    );
    return tf.matMul(left, right, false, true);
  });
  const values = await product.data<"float32">();
  product.dispose();
  return { rowCount: a.rowCount, columnCount: b.rowCount, values };
}

class EagerSession implements EngineSession {
  readonly report: EngineReport;
  readonly states = new RunStates();
  readonly #backend: LoadedBackend;
  readonly #recommender: Recommender;
  readonly #options: SessionOptions;
  readonly #random: RandomGenerator;
  readonly #constants = new Map<string, tf.Tensor>();
  readonly #parameters = new Map<string, tf.Tensor>();
  /** The parameters of which a step touches few rows. */
  readonly #tables: ItemTables;
  /** The tensors of the present tables, which scores read. */
  #wholeTables: ReadonlyMap<string, tf.Tensor> | undefined;
  /** By parameter; none before its first step. */
  readonly #moments = new Map<string, Moments>();
  /** The tensors that scores get, for the present weights. */
  #prepared: TensorBranch | undefined;

  constructor(
    report: EngineReport,
    backend: LoadedBackend,
    recommender: Recommender,
    options: SessionOptions,
  ) {
    this.report = report;
    this.#backend = backend;
    this.#recommender = recommender;
    this.#options = options;
    this.#random = RandomGenerator.fromSeed(options.seed).fork("noise");
    this.#tables = new ItemTables(recommender, options.adam);
    for (const [name, array] of arraysByName(recommender.parameters)) {
      if (this.#tables.has(name)) continue;
      const tensors = isConstant(array) ? this.#constants : this.#parameters;
      const type = array.values instanceof Int32Array ? "int32" : "float32";
      tensors.set(name, tf.tensor(array.values, [...array.shape], type));
    }
  }

  async step(examples: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    await activateBackend(this.#backend);
    const rows = this.#tables.touch(examples);
    const touched = "touched" in rows ? rows.touched : undefined;
    /** The gradients of rows of the tables. */
    const gradients = new Map<string, tf.Tensor>();
    const reported: { readonly tensor: tf.Tensor; readonly take: TakeValues }[] = [];
    let terms: LossTerms = {};
    try {
      tf.tidy(() => {
        const context = createForwardContext({
          ...clock,
          training: true,
          random: this.#random,
          batch: rows,
          states: this.states,
          report: (tensor, take) => reported.push({ tensor: tf.keep(tf.clone(tensor)), take }),
        });
        const batch = batchTensors(rows);
        const tables = tensorsOfArrays(touched ? this.#tables.gather(touched) : {});
        const losses = lossAndGradients(new Map([...this.#parameters, ...tables]), () =>
          this.#recommender.loss(this.#tensors(tables), batch, context),
        );
        terms = losses.terms;
        const { maximumGradientNorm } = this.#options.adam;
        const clipped = clippedGradients(losses.gradients, maximumGradientNorm);
        for (const [name, gradient] of clipped) if (tables.has(name)) gradients.set(name, tf.keep(gradient));
        this.#update(clipped, clock.step);
      });
      if (touched) this.#tables.update(touched, await readValues(gradients), clock.step);
      for (const { tensor, take } of reported) take(await tensor.data<"float32">());
      return await readScalars(terms);
    } finally {
      tf.dispose([...reported.map(({ tensor }) => tensor), ...Object.values(terms), ...gradients.values()]);
    }
  }

  #update(gradients: ReadonlyMap<string, tf.Tensor>, step: number): void {
    this.#forgetPrepared();
    const { adam } = this.#options;
    const arrays = trainedArrays(this.#recommender);
    const { rate, offset } = adamScalars(step, adam);
    const scalars = { rate: tf.scalar(rate), offset: tf.scalar(offset) };
    for (const [name, parameter] of this.#parameters) {
      const [gradient, array] = [gradients.get(name), arrays.get(name)];
      if (!gradient || !array) continue;
      const before = this.#moments.get(name) ?? zeroMoments(parameter);
      const after = adamStep(parameter, gradient, before, scalars, resolveSettings(array, adam));
      this.#parameters.set(name, tf.keep(after.parameter));
      this.#moments.set(name, { mean: tf.keep(after.mean), square: tf.keep(after.square) });
      tf.dispose([parameter, before.mean, before.square]);
    }
  }

  async score(rows: UserRows, into: Float32Array): Promise<void> {
    await activateBackend(this.#backend);
    const scores = tf.tidy(() => {
      const context = createForwardContext({
        training: false,
        random: this.#random,
        step: 0,
        epoch: 0,
        batch: rows,
      });
      const scores = this.#recommender.scores(this.#prepare(), userTensors(rows), context);
      assertScoresFit(this.#recommender, scores, rows.rowCount);
      return scores;
    });
    const values = await scores.data<"float32">();
    scores.dispose();
    into.set(values);
  }

  /** Scores are read from the backend in any case. */
  async rank(): Promise<undefined> {
    return undefined;
  }

  async readParameters(): Promise<NamedArrays> {
    const arrays = { ...(await readTensors(this.#parameters)), ...this.#tables.values() };
    const names = trainedArrays(this.#recommender).keys();
    return Object.fromEntries([...names].map((name) => [name, arrays[name]] as const));
  }

  writeParameters(arrays: NamedArrays): void {
    this.#forgetPrepared();
    for (const [name, parameter] of this.#parameters) {
      const array = arrays[name];
      if (!array) continue;
      parameter.dispose();
      this.#parameters.set(name, tensorOf(array));
    }
    this.#tables.write(arrays);
  }

  async readOptimizer(): Promise<NamedArrays> {
    const tensors = [...this.#moments].flatMap(([name, { mean, square }]) => [
      [momentName("mean", name), mean] as const,
      [momentName("square", name), square] as const,
    ]);
    return { ...(await readTensors(new Map(tensors))), ...this.#tables.moments() };
  }

  writeOptimizer(arrays: NamedArrays): void {
    this.#tables.writeMoments(arrays);
    this.#freeMoments();
    for (const name of this.#parameters.keys()) {
      const { [momentName("mean", name)]: mean, [momentName("square", name)]: square } = arrays;
      if (mean && square) this.#moments.set(name, { mean: tensorOf(mean), square: tensorOf(square) });
    }
  }

  async close(): Promise<void> {
    this.#forgetPrepared();
    this.#freeMoments();
    tf.dispose([...this.#constants.values(), ...this.#parameters.values()]);
  }

  #tensors(tables: ReadonlyMap<string, tf.Tensor>): TensorBranch {
    return tensorsOf(this.#recommender.parameters, (name) => {
      const tensor = this.#constants.get(name) ?? this.#parameters.get(name) ?? tables.get(name);
      if (!tensor) throw new RangeError(`there is no array called "${name}"`);
      return tensor;
    });
  }

  #prepare(): TensorBranch {
    const { prepare } = this.#recommender;
    this.#wholeTables ??= keptTensors(this.#tables.values());
    const tensors = this.#tensors(this.#wholeTables);
    if (!prepare) return tensors;
    if (this.#prepared) return this.#prepared;
    let prepared: TensorBranch = {};
    tf.tidy(() => {
      prepared = prepare.call(this.#recommender, tensors);
      for (const tensor of tensorsByName(prepared).values()) tf.keep(tensor);
    });
    this.#prepared = prepared;
    return prepared;
  }

  #forgetPrepared(): void {
    const tables = [...(this.#wholeTables?.values() ?? [])];
    if (this.#prepared) {
      const own = new Set([...this.#constants.values(), ...this.#parameters.values(), ...tables]);
      tf.dispose([...tensorsByName(this.#prepared).values()].filter((tensor) => !own.has(tensor)));
    }
    tf.dispose(tables);
    this.#prepared = undefined;
    this.#wholeTables = undefined;
  }

  #freeMoments(): void {
    for (const { mean, square } of this.#moments.values()) tf.dispose([mean, square]);
    this.#moments.clear();
  }
}

function zeroMoments(parameter: tf.Tensor): Moments {
  return { mean: tf.zerosLike(parameter), square: tf.zerosLike(parameter) };
}

function tensorOf({ values, shape }: NamedArray): tf.Tensor {
  // A copy: some backends keep the array that a tensor is made from.
  return tf.tensor(values.slice(), [...shape]);
}

function tensorsOfArrays(arrays: NamedArrays): ReadonlyMap<string, tf.Tensor> {
  return new Map(Object.entries(arrays).map(([name, array]) => [name, tensorOf(array)] as const));
}

/** Tensors that outlive the scope that makes them. */
function keptTensors(arrays: NamedArrays): ReadonlyMap<string, tf.Tensor> {
  const tensors = tensorsOfArrays(arrays);
  for (const tensor of tensors.values()) tf.keep(tensor);
  return tensors;
}

async function readValues(
  tensors: ReadonlyMap<string, tf.Tensor>,
): Promise<Readonly<Record<string, Float32Array>>> {
  const arrays = Object.entries(await readTensors(tensors));
  return Object.fromEntries(arrays.map(([name, { values }]) => [name, values] as const));
}

async function readScalars(terms: LossTerms): Promise<Record<string, number>> {
  const values = Object.entries(terms).map(async ([name, term]) => [name, (await term.data())[0]] as const);
  return Object.fromEntries(await Promise.all(values));
}

async function readTensors(tensors: ReadonlyMap<string, tf.Tensor>): Promise<NamedArrays> {
  const read = [...tensors].map(async ([name, tensor]) => {
    const values = await tensor.data<"float32">();
    return [name, { shape: tensor.shape, values: values.slice() }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
