import type { ElementArray, Value } from "../graph";
import { sizeOf } from "../graph";
import type { GraphBuilder } from "../graph-builder";

/** What the host gives to a run, by the names of the graph's inputs. */
export type HostInputs = Readonly<Record<string, ElementArray>>;

/**
 * How the host can compute a value before a run: weights times a dropout mask, say, which are inputs both. Undefined for
 * a value that needs more than inputs, products and changes of shape.
 */
export function hostNumbers(
  builder: GraphBuilder,
  value: Value,
  inputs: readonly Value[],
): ((given: HostInputs) => Float32Array | undefined) | undefined {
  if (value.type !== "float32") return undefined;
  if (inputs.includes(value)) {
    return (given) => {
      const numbers = given[value.name];
      return numbers instanceof Float32Array ? numbers : undefined;
    };
  }
  const node = builder.producerOf(value);
  if (node?.operator === "Reshape") return hostNumbers(builder, node.inputs[0], inputs);
  if (node?.operator !== "Mul") return undefined;
  const [a, b] = node.inputs.map((factor) =>
    sizeOf(factor.shape) === sizeOf(value.shape) ? hostNumbers(builder, factor, inputs) : undefined,
  );
  if (!a || !b) return undefined;
  return (given) => {
    const [left, right] = [a(given), b(given)];
    return left && right?.map((factor, index) => factor * left[index]);
  };
}
