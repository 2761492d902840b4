import type { Graph, GraphNode, Value } from "../../graph/graph";
import { GraphBuilder } from "../../graph/graph-builder";
import { findChains, isClosed } from "./chains";
import { appendScan, describeScan } from "./scan";

/**
 * Runs chains of elementwise operations over large arrays, such as the optimizer's, block after block: all operations on
 * one part of the arrays before the next, so that an operation finds in the cache what the one before it wrote.
 */
export function runInBlocks(graph: Graph): Graph {
  const chain = findChains(graph).find((nodes) => nodes.length > 1 && isClosed(graph, nodes));
  return chain ? runInBlocks(replaceChain(graph, chain)) : graph;
}

/** Puts the scan at the place of the chain's last node: all that it reads is there, and nothing has read it yet. */
function replaceChain(graph: Graph, chain: readonly GraphNode[]): Graph {
  const scan = describeScan(graph, chain);
  const members = new Set(chain);
  const last = chain[chain.length - 1];
  const builder = GraphBuilder.of(graph, `${scan.name}.blocks_`);
  const replaced = new Map<Value, Value>();
  const outputs: Record<string, Value> = { ...graph.outputs };
  for (const node of graph.nodes) {
    if (node === last) {
      for (const { value, inBlocks, inShape } of appendScan(builder, scan)) {
        if (inShape) replaced.set(value, inShape);
        for (const [name, output] of Object.entries(graph.outputs))
          if (output === value) outputs[name] = inBlocks;
      }
    } else if (!members.has(node)) {
      builder.append({ ...node, inputs: node.inputs.map((value) => replaced.get(value) ?? value) });
    }
  }
  return builder.build(outputs);
}
