import { type Graph, type GraphNode, producersOf, sizeOf, type Value } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";
import { reshape } from "../graph/operators";

/** Below this many elements a chain stays in the processor's caches as it is. */
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

/**
 * Chains of elementwise operations over large arrays, such as the optimizer's, run block after block: all operations
 * on one part of the arrays before the next, so that what one writes the next still finds in the cache.
 */
export function runInBlocks(graph: Graph): Graph {
  const chain = chainsOf(graph).find((nodes) => nodes.length > 1 && isClosed(graph, nodes));
  return chain ? runInBlocks(withChainInBlocks(graph, chain)) : graph;
}

/** Elementwise nodes over arrays of one large shape that read each other's results. */
function chainsOf(graph: Graph): GraphNode[][] {
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
    blocksOf(output) !== undefined &&
    inputs.every((value) => sameShape(value, output) || value.shape.length === 0)
  );
}

/** True if a chain can run at the place of its last node: no earlier node reads its intermediate values. */
function isClosed(graph: Graph, chain: readonly GraphNode[]): boolean {
  const members = new Set(chain);
  const made = new Set(chain.flatMap(({ outputs }) => outputs));
  const before = graph.nodes.slice(0, graph.nodes.lastIndexOf(chain[chain.length - 1]));
  return before.every((node) => members.has(node) || !node.inputs.some((value) => made.has(value)));
}

function withChainInBlocks(graph: Graph, chain: GraphNode[]): Graph {
  const made = new Set(chain.flatMap(({ outputs }) => outputs));
  const [
    {
      outputs: [like],
    },
  ] = chain;
  const blocks = blocksOf(like) ?? 1;
  const length = sizeOf(like.shape) / blocks;
  const read = [...new Set(chain.flatMap(({ inputs }) => inputs))].filter((value) => !made.has(value));
  const arrays = read.filter((value) => sameShape(value, like));
  const members = new Set(chain);
  const readOutside = new Set(graph.nodes.flatMap((node) => (members.has(node) ? [] : node.inputs)));
  const graphOutputs = new Set(Object.values(graph.outputs));
  const results = [...made].filter((value) => readOutside.has(value) || graphOutputs.has(value));

  const body = new GraphBuilder(`${like.name}.block_`);
  const inBlock = new Map(
    arrays.map((value) => [
      value,
      body.input(`${like.name}.block.${value.name}`, { type: value.type, shape: [length] }),
    ]),
  );
  for (const { operator, inputs, outputs, attributes } of chain) {
    const block = { type: outputs[0].type, shape: [length] };
    inBlock.set(
      outputs[0],
      body.add(
        operator,
        inputs.map((value) => inBlock.get(value) ?? value),
        block,
        attributes,
      ),
    );
  }
  const bodyOutputs = results.flatMap((value) => {
    const block = inBlock.get(value);
    return block ? [[`${like.name}.block.${value.name}`, block] as const] : [];
  });

  // The blocks run where the last node of the chain stood: all that it reads is there, and nothing has read it yet.
  const last = chain[chain.length - 1];
  const builder = GraphBuilder.of(graph, `${like.name}.blocks_`);
  const replaced = new Map<Value, Value>();
  const outputs: Record<string, Value> = { ...graph.outputs };
  for (const node of graph.nodes) {
    if (node === last) {
      const inputs = arrays.map((value) => reshape(builder, value, [blocks, length]));
      const descriptions = results.map(({ type }) => ({ type, shape: [blocks, length] }));
      const scanned = builder.addMany("Scan", inputs, descriptions, {
        num_scan_inputs: arrays.length,
        body: { graph: body.build(Object.fromEntries(bodyOutputs)) },
      });
      for (const [index, value] of results.entries()) {
        if (readOutside.has(value)) replaced.set(value, reshape(builder, scanned[index], value.shape));
        // An output stays in blocks: its elements lie in the same order, and a change of shape would be a copy.
        for (const [name, output] of Object.entries(graph.outputs))
          if (output === value) outputs[name] = scanned[index];
      }
    } else if (!members.has(node)) {
      builder.append({ ...node, inputs: node.inputs.map((value) => replaced.get(value) ?? value) });
    }
  }
  return builder.build(outputs);
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

/** A number of equal blocks, if the size has a divisor that gives a fitting one. */
function blocksOf({ shape }: Value): number | undefined {
  const size = sizeOf(shape);
  for (let blocks = Math.ceil(size / blockSize.most); blocks <= size / blockSize.least; blocks += 1) {
    if (size % blocks === 0) return blocks;
  }
  return undefined;
}
