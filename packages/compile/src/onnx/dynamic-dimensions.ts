import { UnsupportedError } from "@dmrec/core";
import { type Graph, type GraphNode, sameElements, type Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";

/** Two sizes for each dimension, all prime and different, so that products of them say what they are made of. */
const primes = [
  [3, 17],
  [5, 19],
  [7, 23],
  [11, 29],
  [13, 31],
] as const;

/** A graph for all sizes of some dimensions, and the shapes of its inputs and outputs in terms of them. */
export interface DynamicGraph<Name extends string> {
  readonly graph: Graph;
  readonly dimensions: Readonly<Record<string, readonly (Name | number)[]>>;
}

/**
 * Makes a graph for all sizes of some dimensions, out of its traces at two of each: sizes that differ between the
 * traces become numbers that the graph computes from the shapes of its inputs.
 *
 * Every dimension must be the size of an axis of an input.
 *
 * @throws UnsupportedError if more than sizes differs between the traces.
 */
export function withDynamicDimensions<Name extends string>(
  names: readonly Name[],
  traceAt: (sizes: Readonly<Record<Name, number>>) => Graph,
): DynamicGraph<Name> {
  const at = (which: 0 | 1) => {
    const sizes = names.map((name, index) => [name, primes[index][which]] as const);
    return Object.fromEntries(sizes) as Record<Name, number>;
  };
  const sizes = [at(0), at(1)] as const;
  const [first, second] = [traceAt(sizes[0]), traceAt(sizes[1])];
  const factorsOf = (a: number, b: number) => factors(names, sizes, a, b);
  const others = counterparts(first, second);
  const builder = GraphBuilder.of(first, "dynamic_");
  const lengths = dimensionLengths(builder, first.inputs, others, factorsOf);

  const replaced = new Map<Value, Value>();
  for (const [value, elements] of first.constants) {
    const other = second.constants.get(others(value));
    if (other === undefined) throw different(`${value.name} is a constant at some sizes`);
    if (sameElements(elements, other)) continue;
    if (elements.length !== other.length) throw different(`${value.name} is a constant that grows with them`);
    if (!(elements instanceof BigInt64Array && other instanceof BigInt64Array))
      throw different(`${value.name} is a constant whose numbers follow from them`);
    const entries = [...elements].map((element, index) => factorsOf(Number(element), Number(other[index])));
    replaced.set(value, shapeOf(builder, entries, lengths));
  }
  for (const node of first.nodes)
    builder.append({ ...node, inputs: node.inputs.map((value) => replaced.get(value) ?? value) });

  const described = [
    ...first.inputs.map((value) => [value.name, value] as const),
    ...Object.entries(first.outputs),
  ];
  const dimensions = described.map(([name, value]) => {
    const { shape } = others(value);
    return [name, value.shape.map((size, axis) => nameOf(factorsOf(size, shape[axis])))] as const;
  });
  return { graph: builder.build(first.outputs), dimensions: Object.fromEntries(dimensions) };
}

/** A size as a number times some of the dimensions. */
interface Factors<Name extends string> {
  readonly constant: number;
  readonly names: readonly Name[];
}

function factors<Name extends string>(
  names: readonly Name[],
  sizes: readonly [Readonly<Record<Name, number>>, Readonly<Record<Name, number>>],
  a: number,
  b: number,
): Factors<Name> {
  if (a === b) return { constant: a, names: [] };
  let [restA, restB] = [a, b];
  const found = names.filter((name) => {
    const divides = restA % sizes[0][name] === 0 && restB % sizes[1][name] === 0;
    if (divides) [restA, restB] = [restA / sizes[0][name], restB / sizes[1][name]];
    return divides;
  });
  if (restA !== restB) throw different(`a size is ${a} at one and ${b} at another`);
  return { constant: restA, names: found };
}

function nameOf<Name extends string>({ constant, names }: Factors<Name>): Name | number {
  if (names.length === 0) return constant;
  if (names.length === 1 && constant === 1) return names[0];
  throw different(`an input or output has ${[constant, ...names].join(" · ")} of something`);
}

/** The length of each dimension, `[1]` int64, read from the shape of an input. */
function dimensionLengths<Name extends string>(
  builder: GraphBuilder,
  inputs: readonly Value[],
  others: (value: Value) => Value,
  factorsOf: (a: number, b: number) => Factors<Name>,
): ReadonlyMap<Name, Value> {
  const lengths = new Map<Name, Value>();
  for (const input of inputs) {
    const { shape } = others(input);
    for (const [axis, size] of input.shape.entries()) {
      const { names, constant } = factorsOf(size, shape[axis]);
      const [name] = names;
      if (names.length !== 1 || constant !== 1 || lengths.has(name)) continue;
      const whole = builder.add("Shape", [input], { type: "int64", shape: [input.shape.length] });
      const position = builder.integers([axis]);
      lengths.set(name, builder.add("Gather", [whole, position], { type: "int64", shape: [1] }, { axis: 0 }));
    }
  }
  return lengths;
}

/** A list of sizes, computed. */
function shapeOf<Name extends string>(
  builder: GraphBuilder,
  entries: readonly Factors<Name>[],
  lengths: ReadonlyMap<Name, Value>,
): Value {
  const one = { type: "int64", shape: [1] } as const;
  const parts = entries.map(({ constant, names }) =>
    names.reduce(
      (product, name) => {
        const length = lengths.get(name);
        if (!length) throw different(`no input has ${name} as a size`);
        return builder.add("Mul", [product, length], one);
      },
      builder.integers([constant]),
    ),
  );
  return builder.add("Concat", parts, { type: "int64", shape: [parts.length] }, { axis: 0 });
}

/** Maps each value of a graph to the value at the same place of another. */
function counterparts(first: Graph, second: Graph): (value: Value) => Value {
  const pairs = new Map<Value, Value>();
  const pair = (some: Iterable<Value>, other: Iterable<Value>) => {
    const [a, b] = [[...some], [...other]];
    if (a.length !== b.length) throw different("the number of values");
    for (const [index, value] of a.entries()) pairs.set(value, b[index]);
  };
  pair(first.inputs, second.inputs);
  pair(first.constants.keys(), second.constants.keys());
  pair(first.captured.keys(), second.captured.keys());
  if (first.nodes.length !== second.nodes.length) throw different("the number of operations");
  for (const [index, node] of first.nodes.entries()) {
    assertAlike(node, second.nodes[index]);
    pair(node.outputs, second.nodes[index].outputs);
  }
  return (value) => {
    const other = pairs.get(value);
    if (!other) throw different(`${value.name} is at one size alone`);
    return other;
  };
}

function assertAlike(a: GraphNode, b: GraphNode): void {
  if (a.operator !== b.operator) throw different(`${a.operator} at one is ${b.operator} at another`);
  if (JSON.stringify(a.attributes) !== JSON.stringify(b.attributes))
    throw different(`the attributes of ${a.operator}`);
}

function different(what: string): UnsupportedError {
  return new UnsupportedError(
    `the function cannot be made for all sizes: what it computes depends on them (${what})`,
  );
}
