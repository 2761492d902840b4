import { type ElementArray, type Graph, type GraphNode, sizeOf, type Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { readCaptured } from "../../trace/captured-tensors";

/** The arrays that the host gives to a run, by the names of the graph's inputs. */
export type HostInputs = Readonly<Record<string, ElementArray>>;

/** The values of a graph that the host can compute before a run. */
export type KnownBefore = Pick<Graph, "inputs" | "captured">;

type Numbers = (given: HostInputs) => Float32Array | undefined;

/**
 * Computes a value on the host before a run, such as weights times a dropout mask, which are both inputs. Undefined for
 * a value that needs more than inputs, captured tensors, products, changes of shape, and entries of a captured list at
 * places that are an input.
 */
export function hostNumbers(builder: GraphBuilder, value: Value, graph: KnownBefore): Numbers | undefined {
  if (value.type !== "float32") return undefined;
  if (graph.inputs.includes(value)) {
    return (given) => {
      const numbers = given[value.name];
      return numbers instanceof Float32Array ? numbers : undefined;
    };
  }
  const fixed = graph.captured.get(value);
  if (fixed) {
    const numbers = readCaptured(fixed);
    return () => (numbers instanceof Float32Array ? numbers : undefined);
  }
  const node = builder.producerOf(value);
  if (node?.operator === "Reshape") return hostNumbers(builder, node.inputs[0], graph);
  if (node?.operator === "Gather") return gathered(node, graph);
  if (node?.operator !== "Mul") return undefined;
  const [a, b] = node.inputs.map((factor) =>
    sizeOf(factor.shape) === sizeOf(value.shape) ? hostNumbers(builder, factor, graph) : undefined,
  );
  if (!a || !b) return undefined;
  return (given) => {
    const [left, right] = [a(given), b(given)];
    return left && right?.map((factor, index) => factor * left[index]);
  };
}

function gathered(
  { inputs: [list, places], attributes }: GraphNode,
  graph: KnownBefore,
): Numbers | undefined {
  const dataId = graph.captured.get(list);
  if (!dataId || list.shape.length !== 1 || attributes.axis !== 0 || !graph.inputs.includes(places))
    return undefined;
  const entries = readCaptured(dataId);
  return (given) => {
    const indices = given[places.name];
    if (!(indices instanceof Int32Array)) return undefined;
    const numbers = new Float32Array(indices.length);
    // A loop: Float32Array.from with a function takes four times as long.
    for (let row = 0; row < indices.length; row += 1) numbers[row] = Number(entries[indices[row]]);
    // An index outside: the run itself says so.
    return numbers.some(Number.isNaN) ? undefined : numbers;
  };
}
