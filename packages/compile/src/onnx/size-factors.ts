import type { Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { dependsOnSizes } from "./size-dependence";

/** A size as a number times some of the dimensions. */
export interface Factors<Name extends string> {
  readonly constant: number;
  readonly names: readonly Name[];
}

/** Writes a size as a number times dimensions, by its values at two choices of sizes. */
export function factorSize<Name extends string>(
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
  if (restA !== restB) throw dependsOnSizes(`a size is ${a} at one and ${b} at another`);
  return { constant: restA, names: found };
}

/** The name of a dimension that an axis is; its number if the size is fixed. */
export function dimensionName<Name extends string>({ constant, names }: Factors<Name>): Name | number {
  if (names.length === 0) return constant;
  if (names.length === 1 && constant === 1) return names[0];
  throw dependsOnSizes(`an input or output has ${[constant, ...names].join(" · ")} of something`);
}

/** The length of each dimension, `[1]` int64, read from the shape of an input. */
export function dimensionLengths<Name extends string>(
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

/** A list of sizes that the graph computes. */
export function shapeOf<Name extends string>(
  builder: GraphBuilder,
  entries: readonly Factors<Name>[],
  lengths: ReadonlyMap<Name, Value>,
): Value {
  const one = { type: "int64", shape: [1] } as const;
  const parts = entries.map(({ constant, names }) =>
    names.reduce(
      (product, name) => {
        const length = lengths.get(name);
        if (!length) throw dependsOnSizes(`no input has ${name} as a size`);
        return builder.add("Mul", [product, length], one);
      },
      builder.integers([constant]),
    ),
  );
  return builder.add("Concat", parts, { type: "int64", shape: [parts.length] }, { axis: 0 });
}
