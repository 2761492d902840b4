import { UnsupportedError } from "@dmrec/core";
import { onnxTypes } from "../graph/element-types";
import type { Attribute, ElementArray, Graph, GraphNode, Value } from "../graph/graph";
import { modelMessage } from "./onnx-schema";

/** Versions of the ONNX standard that Debian's checker and every recent ONNX Runtime know. */
const irVersion = 8;
const operatorSet = 17;

/** A size, or the name of one that each run may choose. */
export type Dimension = number | string;

export interface ModelOptions {
  /** Text by key, for programs that load the model. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A description of the model's computation, for people. @default "" */
  readonly description?: string;
  /** The shapes of inputs and outputs that differ from the trace's, by name. @default {} */
  readonly dimensions?: Readonly<Record<string, readonly Dimension[]>>;
}

/** The most bytes of a Protocol Buffers message, which an ONNX file is. */
const mostBytes = 2 ** 31 - 1;

/**
 * Encodes a graph as the bytes of an ONNX file. Its captured tensors must have been made inputs or constants before.
 *
 * @throws UnsupportedError if its constants do not fit in a file.
 */
export function encodeModel(graph: Graph, options: ModelOptions = {}): Uint8Array {
  assertFits(graph);
  const { metadata = {}, description = "", dimensions = {} } = options;
  const message = {
    irVersion,
    producerName: "dmrec",
    docString: description,
    opsetImport: [{ domain: "", version: operatorSet }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: graphMessage("dmrec", graph, dimensions),
  };
  return modelMessage.encode(message).finish();
}

function assertFits({ constants }: Graph): void {
  let bytes = 0;
  for (const { byteLength } of constants.values()) bytes += byteLength;
  if (bytes <= mostBytes) return;
  const gigabytes = (bytes / 1e9).toFixed(2);
  throw new UnsupportedError(
    `the weights take ${gigabytes} GB, and an ONNX file holds at most 2.14; expected a precision of fewer bits (float16 or int8), or a smaller model`,
  );
}

function graphMessage(
  name: string,
  graph: Graph,
  dimensions: Readonly<Record<string, readonly Dimension[]>>,
  outerNameOf = (value: Value) => value.name,
): object {
  const names = outputNames(graph);
  const nameOf = (value: Value) => names.get(value) ?? outerNameOf(value);
  // An output that is an input, a constant or another output needs a node of its own.
  const copies = Object.entries(graph.outputs).filter(([output, value]) => nameOf(value) !== output);
  const typed = (valueName: string, { type, shape }: Value) => ({
    name: valueName,
    type: {
      tensorType: {
        elemType: onnxTypes[type],
        shape: {
          dim: (dimensions[valueName] ?? shape).map(dimensionMessage),
        },
      },
    },
  });
  return {
    name,
    node: [
      ...graph.nodes.map((node) => nodeMessage(node, nameOf)),
      ...copies.map(([output, value]) => ({
        opType: "Identity",
        name: output,
        input: [nameOf(value)],
        output: [output],
      })),
    ],
    initializer: [...graph.constants].map(([value, values]) => tensorMessage(nameOf(value), value, values)),
    input: graph.inputs.map((value) => typed(nameOf(value), value)),
    output: Object.entries(graph.outputs).map(([output, value]) => typed(output, value)),
  };
}

/** A size of −1 is one that each run may choose, and has no name. */
function dimensionMessage(size: Dimension): object {
  if (typeof size === "string") return { dimParam: size };
  return size < 0 ? {} : { dimValue: size };
}

/** Values that nodes make are called by the name of the output that they are. */
function outputNames({ nodes, outputs }: Graph): Map<Value, string> {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<Value, string>();
  for (const [name, value] of Object.entries(outputs))
    if (made.has(value) && !names.has(value)) names.set(value, name);
  return names;
}

function nodeMessage(
  { operator, inputs, outputs, attributes }: GraphNode,
  nameOf: (value: Value) => string,
): object {
  return {
    opType: operator,
    name: outputs[0].name,
    input: inputs.map(nameOf),
    output: outputs.map(nameOf),
    attribute: Object.entries(attributes).map(([name, attribute]) =>
      attributeMessage(name, attribute, nameOf),
    ),
  };
}

function attributeMessage(name: string, attribute: Attribute, nameOf: (value: Value) => string): object {
  if (typeof attribute === "number") return { name, i: attribute, type: 2 };
  if (typeof attribute === "string") return { name, s: new TextEncoder().encode(attribute), type: 3 };
  if ("float" in attribute) return { name, f: attribute.float, type: 1 };
  if ("graph" in attribute) return { name, g: graphMessage(name, attribute.graph, {}, nameOf), type: 5 };
  return { name, ints: [...attribute], type: 7 };
}

function tensorMessage(name: string, { type, shape }: Value, values: ElementArray): object {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims: [...shape], dataType: onnxTypes[type], rawData };
}
