import protobuf from "protobufjs/light.js";

const field = (id: number, type: string, rule?: "repeated") => ({ id, type, ...(rule ? { rule } : {}) });

/** The part of the ONNX file format that a test's model needs. */
const modelMessage = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, "int64"),
        graph: field(7, "Graph"),
        opsetImport: field(8, "Opset", "repeated"),
      },
    },
    Opset: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
    Graph: {
      fields: {
        node: field(1, "Node", "repeated"),
        name: field(2, "string"),
        initializer: field(5, "TensorProto", "repeated"),
        input: field(11, "ValueInfo", "repeated"),
        output: field(12, "ValueInfo", "repeated"),
      },
    },
    Node: {
      fields: {
        input: field(1, "string", "repeated"),
        output: field(2, "string", "repeated"),
        opType: field(4, "string"),
        attribute: field(5, "Attribute", "repeated"),
      },
    },
    Attribute: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        ints: field(8, "int64", "repeated"),
        type: field(20, "int32"),
      },
    },
    TensorProto: {
      fields: {
        dims: field(1, "int64", "repeated"),
        dataType: field(2, "int32"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
      },
    },
    ValueInfo: { fields: { name: field(1, "string"), type: field(2, "TypeProto") } },
    TypeProto: { fields: { tensorType: field(1, "TensorType") } },
    TensorType: { fields: { elemType: field(1, "int32"), shape: field(2, "Shape") } },
    Shape: { fields: { dim: field(1, "Dim", "repeated") } },
    Dim: { fields: { dimParam: field(2, "string") } },
  },
}).lookupType("ModelProto");

const [floatType, longType] = [1, 7];

/** A model in the making, an operation a call. */
export class OnnxFile {
  readonly #nodes: object[] = [];
  readonly #tensors: object[] = [];

  constant(name: string, values: Float32Array | BigInt64Array, dims: readonly number[]): string {
    const dataType = values instanceof Float32Array ? floatType : longType;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#tensors.push({ name, dims: [...dims], dataType, rawData });
    return name;
  }

  longs(name: string, ...values: number[]): string {
    return this.constant(name, BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Attributes are whole numbers, lists of them, or `{ f }`. */
  add(
    opType: string,
    input: readonly string[],
    output: string,
    attributes: Readonly<Record<string, number | readonly number[] | { readonly f: number }>> = {},
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => {
      if (typeof value === "number") return { name, i: value, type: 2 };
      return "f" in value ? { name, f: value.f, type: 1 } : { name, ints: [...value], type: 7 };
    });
    this.#nodes.push({ opType, input: [...input], output: [output], attribute });
    return output;
  }

  /** The file of a model from whole numbers to numbers, with these names and dimensions. */
  encode(
    inputs: Readonly<Record<string, readonly string[]>>,
    outputs: Readonly<Record<string, readonly string[]>>,
  ): Uint8Array {
    const describe = (values: typeof inputs, elemType: number) =>
      Object.entries(values).map(([name, dims]) => ({
        name,
        type: { tensorType: { elemType, shape: { dim: dims.map((dimParam) => ({ dimParam })) } } },
      }));
    const graph = {
      name: "test",
      node: this.#nodes,
      initializer: this.#tensors,
      input: describe(inputs, longType),
      output: describe(outputs, floatType),
    };
    return modelMessage.encode({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph }).finish();
  }
}
