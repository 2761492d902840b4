import { type Graph, type GraphNode, sizeOf, type Value } from "../../graph/graph";
import { GraphBuilder } from "../../graph/graph-builder";
import { reshape } from "../../graph/operators";
import { countBlocks, sameShape } from "./chains";

/** A chain as the body of an ONNX `Scan`, which runs it for one block after another. */
export interface ChainScan {
  /** The name of the chain's first result. */
  readonly name: string;
  readonly blocks: number;
  /** The number of elements of a block. */
  readonly length: number;
  /** The arrays that are read block by block. */
  readonly arrays: readonly Value[];
  /** The results that are read after the chain. */
  readonly results: readonly { readonly value: Value; readonly isReadByNodes: boolean }[];
  readonly body: Graph;
}

/** Describes a chain as a scan over blocks. */
export function describeScan(graph: Graph, chain: readonly GraphNode[]): ChainScan {
  const [first] = chain[0].outputs;
  const blocks = countBlocks(first) ?? 1;
  const length = sizeOf(first.shape) / blocks;
  const made = new Set(chain.flatMap(({ outputs }) => outputs));
  const read = new Set(chain.flatMap(({ inputs }) => inputs));
  const arrays = [...read].filter((value) => !made.has(value) && sameShape(value, first));
  const members = new Set(chain);
  const readByNodes = new Set(graph.nodes.flatMap((node) => (members.has(node) ? [] : node.inputs)));
  const graphOutputs = new Set(Object.values(graph.outputs));
  const results = [...made]
    .filter((value) => readByNodes.has(value) || graphOutputs.has(value))
    .map((value) => ({ value, isReadByNodes: readByNodes.has(value) }));

  return {
    name: first.name,
    blocks,
    length,
    arrays,
    results,
    body: chainBody(chain, arrays, results, length),
  };
}

/** The chain over one block of each array. */
function chainBody(
  chain: readonly GraphNode[],
  arrays: readonly Value[],
  results: ChainScan["results"],
  length: number,
): Graph {
  const [{ name }] = chain[0].outputs;
  const shape = [length];
  const body = new GraphBuilder(`${name}.block_`);
  const blocks = new Map<Value, Value>();
  for (const value of arrays)
    blocks.set(value, body.input(`${name}.block.${value.name}`, { type: value.type, shape }));
  for (const { operator, inputs, outputs, attributes } of chain) {
    const blockInputs = inputs.map((value) => blocks.get(value) ?? value);
    blocks.set(outputs[0], body.add(operator, blockInputs, { type: outputs[0].type, shape }, attributes));
  }
  const outputs = results.flatMap(({ value }) => {
    const block = blocks.get(value);
    return block ? [[`${name}.block.${value.name}`, block] as const] : [];
  });
  return body.build(Object.fromEntries(outputs));
}

/** A result of a chain, after the scan. */
export interface ScanResult {
  readonly value: Value;
  /**
   * The result as the scan gives it, `[blocks, length]`. An output of the graph stays so: its elements are in the same
   * order, and a change of shape would be a copy.
   */
  readonly inBlocks: Value;
  /** The result in its own shape, if other nodes read it. */
  readonly inShape: Value | undefined;
}

/** Appends the scan to a graph. */
export function appendScan(builder: GraphBuilder, scan: ChainScan): ScanResult[] {
  const { blocks, length, arrays, results, body } = scan;
  const shape = [blocks, length];
  const scanned = builder.addMany(
    "Scan",
    arrays.map((value) => reshape(builder, value, shape)),
    results.map(({ value: { type } }) => ({ type, shape })),
    { num_scan_inputs: arrays.length, body: { graph: body } },
  );
  return results.map(({ value, isReadByNodes }, index) => ({
    value,
    inBlocks: scanned[index],
    inShape: isReadByNodes ? reshape(builder, scanned[index], value.shape) : undefined,
  }));
}
