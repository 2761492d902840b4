import { type Graph, sameElements, type Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";
import { counterparts } from "./counterparts";
import { dependsOnSizes } from "./size-dependence";
import { dimensionLengths, dimensionName, factorSize, shapeOf } from "./size-factors";

/** Two sizes for each dimension, all prime and different, so that products of them say what they are made of. */
const primes = [
  [3, 17],
  [5, 19],
  [7, 23],
  [11, 29],
  [13, 31],
] as const;

/** The most dimensions whose sizes a run may choose. */
export const mostDimensions = primes.length;

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
  const factorsOf = (a: number, b: number) => factorSize(names, sizes, a, b);
  const others = counterparts(first, second);
  const builder = GraphBuilder.of(first, "dynamic_");
  const lengths = dimensionLengths(builder, first.inputs, others, factorsOf);

  const replaced = new Map<Value, Value>();
  for (const [value, elements] of first.constants) {
    const other = second.constants.get(others(value));
    if (other === undefined) throw dependsOnSizes(`${value.name} is a constant at some sizes`);
    if (sameElements(elements, other)) continue;
    if (elements.length !== other.length)
      throw dependsOnSizes(`${value.name} is a constant that grows with them`);
    if (!(elements instanceof BigInt64Array && other instanceof BigInt64Array))
      throw dependsOnSizes(`${value.name} is a constant whose numbers follow from them`);
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
    return [name, value.shape.map((size, axis) => dimensionName(factorsOf(size, shape[axis])))] as const;
  });
  return { graph: builder.build(first.outputs), dimensions: Object.fromEntries(dimensions) };
}
