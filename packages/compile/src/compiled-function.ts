import { InvalidDataError, parseOptions } from "@dmrec/core";
import { type ElementArray, type ElementType, type Graph, sizeOf, type Value } from "./graph/graph";
import type { Memory } from "./memory/memory";
import { encodeModel } from "./onnx/onnx-model";
import { lower, type PlannedInputs, type ShapedArray } from "./passes";
import { createSession } from "./runtime/create-session";
import { outOfMemory } from "./runtime/out-of-memory";
import type { Feed, Fetch, HostTensor, Session } from "./runtime/session";
import { type SessionOptions, sessionSchema } from "./runtime/session-options";
import { publishTraffic } from "./runtime/traffic";
import { readCaptured } from "./trace/captured-tensors";

/** Captured tensors of more elements are given to each run from one shared copy, not written into every graph. */
const largestBakedSize = 4096;

/** The memory of a function, and its outputs that stay there. */
export interface Residence {
  /** Holds the inputs that a run is not given. */
  readonly memory: Memory;
  /** The names under which outputs are stored in the memory instead of returned, by output. @default {} */
  readonly keeps?: Readonly<Record<string, string>>;
}

/** A graph that ONNX Runtime executes. It holds native memory: {@link CompiledFunction.release} it. */
export class CompiledFunction {
  readonly #session: Session;
  readonly #graph: Graph;
  readonly #planned: readonly PlannedInputs[];
  readonly #shared: readonly HostTensor[];
  readonly #residence: Residence | undefined;

  private constructor(
    session: Session,
    { graph, planned }: { readonly graph: Graph; readonly planned: readonly PlannedInputs[] },
    shared: readonly HostTensor[],
    residence: Residence | undefined,
  ) {
    this.#session = session;
    this.#graph = graph;
    this.#planned = planned;
    this.#shared = shared;
    this.#residence = residence;
  }

  /**
   * Makes a graph ready to run.
   *
   * @param residence The memory that the function shares with others, which must outlive it. Default: none.
   * @throws InvalidOptionsError
   * @throws UnsupportedError if ONNX Runtime or its execution provider is missing.
   */
  static async create(
    traced: Graph,
    options: SessionOptions = {},
    residence?: Residence,
  ): Promise<CompiledFunction> {
    const settings = parseOptions("CompiledFunction.create", sessionSchema, options);
    const onDevice = settings.executionProvider !== "cpu";
    const lowered = lower(traced, { inBlocks: !onDevice, onDevice });
    const { graph } = lowered;
    const captured = [...graph.captured].map(([value, dataId]) => ({ value, array: readCaptured(dataId) }));
    const isShared = ({ array }: HostTensor) => array.length > largestBakedSize;
    const shared = captured.filter(isShared);
    const baked = captured.filter((tensor) => !isShared(tensor));
    const model = encodeModel({
      ...graph,
      inputs: [...graph.inputs, ...shared.map(({ value }) => value)],
      constants: new Map([...graph.constants, ...baked.map(({ value, array }) => [value, array] as const)]),
    });
    const staying = residence?.memory.place === "device" ? Object.keys(residence.keeps ?? {}) : [];
    const session = await createSession(model, settings, staying);
    return new CompiledFunction(session, lowered, shared, residence);
  }

  /** The runner: ONNX Runtime's own interface, or the package onnxruntime-node. */
  get runner(): Session["runner"] {
    return this.#session.runner;
  }

  /**
   * Computes the outputs.
   *
   * @param inputs All inputs of the function by name, but those that its memory holds.
   * @param into Arrays that outputs are written into, by name; none of them may be an input of the same run. Other outputs
   * get new arrays.
   * @throws InvalidDataError if an array is missing, of another length or of another type.
   * @throws RuntimeError if the C interface reports a failure, such as an index that is out of range.
   * @throws OutOfMemoryError if there is no memory for an output or an intermediate value.
   * @example
   * const lengths = new Float32Array(3);
   * await distances.run({ points, centre }, { lengths });
   */
  async run(
    inputs: Readonly<Record<string, ElementArray>>,
    into: Readonly<Record<string, ElementArray>> = {},
  ): Promise<Record<string, ElementArray>> {
    try {
      return await this.#run(inputs, into);
    } catch (failure) {
      const held = {
        inputs: bytesOf(this.#graph.inputs),
        outputs: bytesOf(Object.values(this.#graph.outputs)),
      };
      throw outOfMemory(failure, held) ?? failure;
    }
  }

  async #run(
    inputs: Readonly<Record<string, ElementArray>>,
    into: Readonly<Record<string, ElementArray>>,
  ): Promise<Record<string, ElementArray>> {
    const planned = this.#planned.map((plan) => plan(inputs));
    const given: Readonly<Record<string, ElementArray | ShapedArray>> = Object.assign({}, inputs, ...planned);
    const { memory, keeps = {} } = this.#residence ?? {};
    const feeds: Feed[] = [];
    for (const value of this.#graph.inputs) {
      const array = given[value.name];
      if (array === undefined && memory?.has(value.name)) feeds.push(await memory.feed(value));
      else if (array && "shape" in array)
        feeds.push({ value: { ...value, shape: array.shape }, array: array.array });
      else feeds.push(checked(value, array));
    }
    for (const constant of this.#shared) feeds.push(memory ? await memory.constant(constant) : constant);
    const fetches: HostTensor[] = [];
    const kept: Fetch[] = [];
    const keptNames: string[] = [];
    for (const [name, { type, shape }] of Object.entries(this.#graph.outputs)) {
      const value = { name, type, shape };
      if (memory && name in keeps) {
        kept.push(memory.fetch(keeps[name], value));
        keptNames.push(keeps[name]);
      } else fetches.push(checked(value, into[name] ?? emptyArray(type, sizeOf(shape))));
    }
    publishTraffic(feeds, fetches, kept);
    const staying = await this.#session.run(feeds, [...fetches, ...kept]);
    memory?.commit(keptNames, staying);
    return Object.fromEntries(fetches.map(({ value, array }) => [value.name, array]));
  }

  /** Frees the native memory. The function cannot run again. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** The bytes of values, without those whose size each run may choose. */
function bytesOf(values: readonly Pick<Value, "shape">[]): number {
  return values.reduce((sum, { shape }) => sum + 4 * Math.max(sizeOf(shape), 0), 0);
}

const arrayTypes = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;

function emptyArray(type: ElementType, length: number): ElementArray {
  return new arrayTypes[type](length);
}

function checked(value: Value, array: ElementArray | undefined): HostTensor {
  const { name, type, shape } = value;
  if (array instanceof arrayTypes[type]) {
    // An axis that each run may choose, −1, is as long as its array makes it.
    const others = sizeOf(shape.filter((size) => size >= 0));
    const sizes = shape.map((size) => (size < 0 ? array.length / others : size));
    if (array.length === sizeOf(sizes)) return { value: { ...value, shape: sizes }, array };
  }
  throw new InvalidDataError({
    source: `the tensor "${name}" of a compiled function`,
    actual: array ? `a ${array.constructor.name} of ${array.length} elements` : "nothing",
    expected: `a ${arrayTypes[type].name} of ${sizeOf(shape)} elements for ${type} [${shape.join(", ")}]`,
  });
}
