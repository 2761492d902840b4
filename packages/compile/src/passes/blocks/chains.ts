import { type Graph, type GraphNode, producersOf, sizeOf, type Value } from "../../graph/graph";

/** A chain over fewer elements stays in the processor's caches as it is. */
const smallestSize = 1 << 20;
/** Elements of a block: few enough for all arrays of a chain to stay in a shared cache, many enough for all threads. */
const blockSize = { least: 1 << 18, most: 1 << 20 };

const elementwise = new Set([
  "Abs",
  "Add",
  "Div",
  "Exp",
  "Log",
  "Max",
  "Min",
  "Mul",
  "Neg",
  "Reciprocal",
  "Sqrt",
  "Sub",
  "Tanh",
]);

/** Finds elementwise nodes over arrays of one large shape that read each other's results. */
export function findChains(graph: Graph): GraphNode[][] {
  const producers = producersOf(graph);
  const chains = new Map<GraphNode, GraphNode[]>();
  for (const node of graph.nodes) {
    if (!isLarge(node)) continue;
    let chain = [node];
    for (const value of node.inputs) {
      const other = chains.get(producers.get(value) ?? node);
      if (other && other !== chain && sameShape(value, node.outputs[0])) chain = [...other, ...chain];
    }
    for (const member of chain) chains.set(member, chain);
  }
  return [...new Set(chains.values())].map((chain) => {
    const members = new Set(chain);
    return graph.nodes.filter((node) => members.has(node));
  });
}

function isLarge({ operator, inputs, outputs: [output] }: GraphNode): boolean {
  return (
    elementwise.has(operator) &&
    sizeOf(output.shape) >= smallestSize &&
    countBlocks(output) !== undefined &&
    inputs.every((value) => sameShape(value, output) || value.shape.length === 0)
  );
}

/** True if a chain can run at the place of its last node: no earlier node reads its intermediate values. */
export function isClosed(graph: Graph, chain: readonly GraphNode[]): boolean {
  const members = new Set(chain);
  const made = new Set(chain.flatMap(({ outputs }) => outputs));
  const before = graph.nodes.slice(0, graph.nodes.lastIndexOf(chain[chain.length - 1]));
  return before.every((node) => members.has(node) || !node.inputs.some((value) => made.has(value)));
}

/** True for values of the same shape. */
export function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

/** The number of equal blocks that an array is cut into; undefined if its size has no divisor of a fitting size. */
export function countBlocks({ shape }: Value): number | undefined {
  const size = sizeOf(shape);
  for (let blocks = Math.ceil(size / blockSize.most); blocks <= size / blockSize.least; blocks += 1) {
    if (size % blocks === 0) return blocks;
  }
  return undefined;
}
