import type { Graph, GraphNode, Value } from "../graph/graph";

/** A graph without what none of its outputs needs; inputs stay, as they are a part of its interface. */
export function removeUnused(graph: Graph): Graph {
  const needed = new Set(Object.values(graph.outputs));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    for (const value of node.inputs) needed.add(value);
    nodes.push(node);
  }
  const kept = <Held>(values: ReadonlyMap<Value, Held>) =>
    new Map([...values].filter(([value]) => needed.has(value)));
  return {
    ...graph,
    nodes: nodes.reverse(),
    constants: kept(graph.constants),
    captured: kept(graph.captured),
  };
}
