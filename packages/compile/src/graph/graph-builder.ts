import type { Attribute, ElementArray, ElementType, Graph, GraphNode, Value } from "./graph";

/** The type and shape of a value that an operation will make. */
export interface ValueDescription {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** A graph in the making. */
export class GraphBuilder {
  readonly #inputs: Value[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<Value, ElementArray>();
  readonly #captured = new Map<Value, object>();
  readonly #producers = new Map<Value, GraphNode>();
  readonly #prefix: string;
  #count = 0;
  /** The part of the computation that the next operations belong to; names of operations start with it. */
  region = "";

  /** @param prefix Keeps names apart from those of a graph that this one becomes a part of. */
  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  /** A builder that holds all of a graph but its operations. */
  static of(graph: Graph, prefix: string): GraphBuilder {
    const builder = new GraphBuilder(prefix);
    builder.#inputs.push(...graph.inputs);
    for (const [value, elements] of graph.constants) builder.#constants.set(value, elements);
    for (const [value, dataId] of graph.captured) builder.#captured.set(value, dataId);
    return builder;
  }

  input(name: string, { type, shape }: ValueDescription): Value {
    const value = { name, type, shape };
    this.#inputs.push(value);
    return value;
  }

  /** @param type Only for a `Uint8Array` that is not of booleans. */
  constant(
    values: ElementArray,
    shape: readonly number[] = [values.length],
    type: ElementType = elementTypeOf(values),
  ): Value {
    const value = this.#value("constant", { type, shape });
    this.#constants.set(value, values);
    return value;
  }

  /** A float32 scalar. */
  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  /** A constant list of int64 numbers, as shapes and axes are given. */
  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt));
  }

  /** A tensor from outside, by its identity. */
  capture(dataId: object, description: ValueDescription): Value {
    const value = this.#value("captured", description);
    this.#captured.set(value, dataId);
    return value;
  }

  /** Appends an operation of one output. */
  add(
    operator: string,
    inputs: readonly Value[],
    output: ValueDescription,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.addMany(operator, inputs, [output], attributes)[0];
  }

  /** Appends an operation of several outputs. */
  addMany(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly ValueDescription[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const values = outputs.map((description) => this.#value(operator, description));
    this.append({ operator, inputs, outputs: values, attributes });
    return values;
  }

  append(node: GraphNode): void {
    this.#nodes.push(node);
    for (const value of node.outputs) this.#producers.set(value, node);
  }

  /** The operation that makes a value; none for inputs, constants and captured tensors. */
  producerOf(value: Value): GraphNode | undefined {
    return this.#producers.get(value);
  }

  build(outputs: Readonly<Record<string, Value>>): Graph {
    return {
      inputs: this.#inputs,
      outputs,
      nodes: this.#nodes,
      constants: this.#constants,
      captured: this.#captured,
    };
  }

  #value(stem: string, { type, shape }: ValueDescription): Value {
    this.#count += 1;
    const region = this.region === "" ? "" : `${this.region}/`;
    return { name: `${region}${this.#prefix}${stem}_${this.#count}`, type, shape };
  }
}

function elementTypeOf(values: ElementArray): ElementType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Int32Array) return "int32";
  if (values instanceof Uint16Array) return "float16";
  if (values instanceof Int8Array) return "int8";
  return values instanceof BigInt64Array ? "int64" : "bool";
}
