import type { Graph, GraphNode, Value } from "../graph/graph";
import { dependsOnSizes } from "./size-dependence";

/** Maps each value of a graph to the value at the same place of another. */
export function counterparts(first: Graph, second: Graph): (value: Value) => Value {
  const pairs = new Map<Value, Value>();
  const pair = (some: Iterable<Value>, other: Iterable<Value>) => {
    const [a, b] = [[...some], [...other]];
    if (a.length !== b.length) throw dependsOnSizes("the number of values");
    for (const [index, value] of a.entries()) pairs.set(value, b[index]);
  };
  pair(first.inputs, second.inputs);
  pair(first.constants.keys(), second.constants.keys());
  pair(first.captured.keys(), second.captured.keys());
  if (first.nodes.length !== second.nodes.length) throw dependsOnSizes("the number of operations");
  for (const [index, node] of first.nodes.entries()) {
    assertAlike(node, second.nodes[index]);
    pair(node.outputs, second.nodes[index].outputs);
  }
  return (value) => {
    const other = pairs.get(value);
    if (!other) throw dependsOnSizes(`${value.name} exists at only one size`);
    return other;
  };
}

function assertAlike(a: GraphNode, b: GraphNode): void {
  if (a.operator !== b.operator) throw dependsOnSizes(`${a.operator} at one is ${b.operator} at another`);
  if (JSON.stringify(a.attributes) !== JSON.stringify(b.attributes))
    throw dependsOnSizes(`the attributes of ${a.operator}`);
}
