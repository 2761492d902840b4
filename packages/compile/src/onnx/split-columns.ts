import type { ElementArray, Graph, Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { rewrite } from "../passes/rewrite";

/** Operators whose result at a column depends on that column of their inputs only. */
const elementwise: ReadonlySet<string> = new Set(
  "Add Sub Mul Div Neg Max Min Abs Exp Log Sqrt Tanh Sigmoid Relu Identity".split(" "),
);

/**
 * A graph that computes blocks of columns by themselves if it split a matrix into them: a product with a constant, and
 * what is added to it, never exists as a whole. A matrix that is made otherwise is still split.
 */
export function splitColumns(graph: Graph): Graph {
  return rewrite(graph, "column_", (node, builder) => {
    const [matrix, lengths] = node.inputs;
    const sizes = lengths && graph.constants.get(lengths);
    if (node.operator !== "Split" || matrix.shape.length !== 2 || node.attributes.axis !== 1)
      return undefined;
    if (!(sizes instanceof BigInt64Array)) return undefined;
    return new ColumnBlocks(builder, graph.constants, [...sizes].map(Number)).of(matrix);
  });
}

class ColumnBlocks {
  readonly #builder: GraphBuilder;
  readonly #constants: ReadonlyMap<Value, ElementArray>;
  readonly #sizes: readonly number[];
  readonly #starts: readonly number[];

  constructor(builder: GraphBuilder, constants: ReadonlyMap<Value, ElementArray>, sizes: readonly number[]) {
    this.#builder = builder;
    this.#constants = constants;
    this.#sizes = sizes;
    this.#starts = sizes.map((_, block) => sizes.slice(0, block).reduce((sum, size) => sum + size, 0));
  }

  /** The blocks of a value; none if they cannot be computed by themselves. */
  of(value: Value): Value[] | undefined {
    // The same for all columns.
    if ((value.shape.at(-1) ?? 1) === 1) return this.#sizes.map(() => value);
    const elements = this.#constants.get(value);
    if (elements) return this.#ofConstant(value, elements);
    const node = this.#builder.producerOf(value);
    if (!node) return undefined;
    if (node.operator === "MatMul") return this.#ofProduct(node.inputs, value);
    if (node.operator === "Gemm") {
      const isPlain = !node.attributes.transA && node.attributes.transB === 1 && node.inputs.length === 2;
      return isPlain ? this.#ofTransposedProduct(node.inputs, value) : undefined;
    }
    if (!elementwise.has(node.operator)) return undefined;
    const inputs = node.inputs.map((input) => this.of(input));
    return this.#blocks(value, (block, description) => {
      const parts = inputs.flatMap((blocks) => blocks?.[block] ?? []);
      if (parts.length < inputs.length) return undefined;
      return this.#builder.add(node.operator, parts, description, node.attributes);
    });
  }

  #ofProduct([left, right]: readonly Value[], value: Value): Value[] | undefined {
    const elements = this.#constants.get(right);
    const columns = elements && right.shape.length === 2 ? this.#ofConstant(right, elements) : undefined;
    return this.#blocks(
      value,
      (block, description) => columns && this.#builder.add("MatMul", [left, columns[block]], description),
    );
  }

  /** The columns of a product with a transposed table are the rows of the table. */
  #ofTransposedProduct([left, table]: readonly Value[], value: Value): Value[] | undefined {
    const elements = this.#constants.get(table);
    const [, width] = table.shape;
    return this.#blocks(value, (block, description) => {
      if (!elements) return undefined;
      const start = this.#starts[block] * width;
      const rows = elements.subarray(start, start + this.#sizes[block] * width);
      const part = this.#builder.constant(rows, [this.#sizes[block], width]);
      return this.#builder.add("Gemm", [left, part], description, { transA: 0, transB: 1 });
    });
  }

  #ofConstant({ shape }: Value, elements: ElementArray): Value[] | undefined {
    if (!(elements instanceof Float32Array)) return undefined;
    const width = shape.at(-1) ?? 1;
    const rowCount = elements.length / width;
    return this.#sizes.map((size, block) => {
      const part = new Float32Array(rowCount * size);
      for (let row = 0; row < rowCount; row += 1) {
        const start = row * width + this.#starts[block];
        part.set(elements.subarray(start, start + size), row * size);
      }
      return this.#builder.constant(part, shape.with(-1, size));
    });
  }

  /** Makes each block of a value, or none if one cannot be made. */
  #blocks(
    { type, shape }: Value,
    make: (block: number, description: { type: Value["type"]; shape: number[] }) => Value | undefined,
  ): Value[] | undefined {
    const blocks = this.#sizes.flatMap(
      (size, block) => make(block, { type, shape: shape.with(-1, size) }) ?? [],
    );
    return blocks.length === this.#sizes.length ? blocks : undefined;
  }
}
