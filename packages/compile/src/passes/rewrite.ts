import type { Graph, GraphNode, Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";

/** The replacement of a node: values for its outputs, or nothing to keep the node. */
export type Replacement = (
  /** The node, reading what has replaced its inputs. */
  node: GraphNode,
  builder: GraphBuilder,
  /** The node as it was in the graph that is rewritten. */
  original: GraphNode,
) => readonly Value[] | undefined;

/** A graph whose nodes are replaced one after another; what is no longer read stays until it is removed. */
export function rewrite(graph: Graph, prefix: string, replace: Replacement): Graph {
  const builder = GraphBuilder.of(graph, prefix);
  const replaced = new Map<Value, Value>();
  const current = (value: Value) => replaced.get(value) ?? value;
  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map(current) };
    builder.region = regionOf(original);
    const values = replace(node, builder, original);
    if (!values) builder.append(node);
    for (const [index, value] of (values ?? []).entries()) replaced.set(original.outputs[index], value);
  }
  const outputs = Object.entries(graph.outputs).map(([name, value]) => [name, current(value)] as const);
  return builder.build(Object.fromEntries(outputs));
}

/** The region at the start of a node's name; empty if the name has none. */
function regionOf({ outputs: [{ name }] }: GraphNode): string {
  return name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
}
