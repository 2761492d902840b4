import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CompiledFunction, compile, trace } from "../../index";
import { lower } from "../index";

beforeAll(() => tf.setBackend("cpu"));

const operatorsOf = (graph: Parameters<typeof lower>[0]) =>
  lower(graph, { inBlocks: true }).graph.nodes.map(({ operator }) => operator);

describe("sums of rows", () => {
  const [rows, width, targets] = [20_000, 64, 5];

  it("lose nothing when many rows meet in one, on any number of threads", async () => {
    const compiled = await compile(
      ({ updates, index }) => ({
        byScatter: tf.scatterND(tf.reshape(index, [-1, 1]), updates, [targets, width]),
        bySegment: tf.unsortedSegmentSum(updates, index as tf.Tensor1D, targets),
        ofNumbers: tf.scatterND(tf.reshape(index, [-1, 1]), tf.ones([rows]), [targets]),
      }),
      { updates: { shape: [rows, width] }, index: { shape: [rows], dtype: "int32" } },
      { threads: 8 },
    );
    const updates = new Float32Array(rows * width).fill(1);
    const index = Int32Array.from({ length: rows }, (_, row) => (row * 7) % targets);
    for (let run = 0; run < 5; run += 1) {
      const { byScatter, bySegment, ofNumbers } = await compiled.run({ updates, index });
      for (const sums of [byScatter, bySegment, ofNumbers]) {
        expect(new Set<number | bigint>(sums)).toEqual(new Set([rows / targets]));
      }
    }
    await compiled.release();
  });

  it("of a table's rows times weights, as an embedding bag has them, gather once", () => {
    const graph = trace((recorder) => {
      const table = recorder.input<tf.Rank.R2>("table", [50, width]);
      const items = recorder.input<tf.Rank.R1>("items", [40], "int32");
      const index = recorder.input<tf.Rank.R1>("rows", [40], "int32");
      const weights = recorder.input<tf.Rank.R1>("weights", [40]);
      const weighted = tf.mul(tf.gather(table, items), tf.reshape(weights, [-1, 1]));
      return { bag: tf.scatterND(tf.reshape(index, [-1, 1]), weighted, [4, width]) };
    });
    const { graph: lowered } = lower(graph, { inBlocks: true });
    expect(lowered.nodes.filter(({ attributes }) => attributes.reduction !== undefined)).toEqual([]);
    const gathersOfTheTable = lowered.nodes.filter(({ inputs }) => inputs[0]?.name === "table");
    expect(gathersOfTheTable).toHaveLength(1);
  });

  it("leave out the rows whose weight a list that the function closed over says to be 0", async () => {
    const membership = tf.tensor1d([1, 0, 2]);
    const [table, count] = [3, 200];
    const weights = { shape: [count], dtype: "float32" } as const;
    const compiled = await compile(
      ({ table, items, index, weights }) => {
        const factors = tf.mul(weights, tf.gather(membership, items as tf.Tensor1D));
        const rows = tf.mul(tf.gather(table, items as tf.Tensor1D), tf.reshape(factors, [-1, 1]));
        return { sums: tf.scatterND(tf.reshape(index, [-1, 1]), rows, [2, width]) };
      },
      {
        table: { shape: [table, width] },
        items: { shape: [count], dtype: "int32" },
        index: { shape: [count], dtype: "int32" },
        weights,
      },
    );
    // A row that is left out may hold anything: it is never read.
    const rows = new Float32Array(table * width).fill(1).fill(Number.NaN, width, 2 * width);
    const { sums } = await compiled.run({
      table: rows,
      items: Int32Array.from({ length: count }, (_, row) => row % 3),
      index: Int32Array.from({ length: count }, (_, row) => row % 2),
      weights: new Float32Array(count).fill(0.5),
    });
    await compiled.release();
    const expected = (target: number) =>
      Array.from({ length: count }, (_, row) => row)
        .filter((row) => row % 2 === target)
        .reduce((sum, row) => sum + 0.5 * [1, 0, 2][row % 3], 0);
    expect([sums[0], sums[width]].map(Number)).toEqual([expected(0), expected(1)]);
  });

  it("by indices that no run changes follow a plan in the graph, with the weights of each run", async () => {
    const [count, targets, rowsOfTable] = [3_000, 7, 11];
    // Half of the rows meet in target 0, and target 6 has none.
    const target = (row: number) => (row % 2 === 0 ? 0 : row % (targets - 1));
    const [to, from, fixed] = [
      tf.tensor1d(
        Array.from({ length: count }, (_, row) => target(row)),
        "int32",
      ),
      tf.tensor1d(
        Array.from({ length: count }, (_, row) => (row * 5) % rowsOfTable),
        "int32",
      ),
      tf.tensor1d(Array.from({ length: count }, (_, row) => row % 3)),
    ];
    const sumsOf = (table: tf.Tensor, weights: tf.Tensor) => {
      const rows = tf.mul(tf.gather(table, from), tf.reshape(weights, [-1, 1]));
      return tf.scatterND(tf.reshape(to, [-1, 1]), rows, [targets, 2]);
    };
    const inputs = { table: { shape: [rowsOfTable, 2] }, mask: { shape: [count] } } as const;
    const graphOf = ({ table, mask }: Record<"table" | "mask", tf.Tensor>) => ({
      fixed: sumsOf(table, fixed),
      masked: sumsOf(table, tf.mul(fixed, mask)),
    });
    const traced = trace((recorder) =>
      graphOf({
        table: recorder.input("table", [...inputs.table.shape]),
        mask: recorder.input("mask", [count]),
      }),
    );
    expect(operatorsOf(traced)).not.toContain("ScatterElements");
    const compiled = await CompiledFunction.create(traced, { threads: 4 });
    const table = Float32Array.from({ length: rowsOfTable * 2 }, (_, place) => place);
    for (const period of [4, 5]) {
      const mask = Float32Array.from({ length: count }, (_, row) => Number(row % period !== 0));
      const actual = await compiled.run({ table, mask });
      const expected = { fixed: new Float32Array(targets * 2), masked: new Float32Array(targets * 2) };
      for (let row = 0; row < count; row += 1)
        for (let column = 0; column < 2; column += 1) {
          const product = (row % 3) * table[((row * 5) % rowsOfTable) * 2 + column];
          expected.fixed[target(row) * 2 + column] += product;
          expected.masked[target(row) * 2 + column] += product * mask[row];
        }
      expect(actual).toEqual(expected);
    }
    await compiled.release();
    tf.dispose([to, from, fixed]);
  });

  it("of a square along the rows of a matrix are sums of squares", async () => {
    const graph = trace((recorder) => {
      const places = recorder.input<tf.Rank.R2>("places", [2, 3]);
      const column = tf.reshape<tf.Rank.R2>(places, [-1, 1]);
      const index = tf.reshape(recorder.rowIndices(places), [-1, 1]);
      return { sums: tf.scatterND(index, tf.mul(column, column), [2, 1]) };
    });
    const compiled = await CompiledFunction.create(graph);
    const { sums } = await compiled.run({ places: Float32Array.of(1, 2, 3, 1, 1, 5) });
    await compiled.release();
    expect([...sums]).toEqual([14, 27]);
  });

  it("into zeros that broadcasting spreads over an array stay sums", async () => {
    const compiled = await compile(
      ({ array, index, numbers }) => ({
        difference: tf.sub(array, tf.scatterND(tf.reshape(index, [-1, 1]), numbers, [3])),
      }),
      {
        array: { shape: [3, 1] },
        index: { shape: [4], dtype: "int32" },
        numbers: { shape: [4] },
      },
    );
    const { difference } = await compiled.run({
      array: Float32Array.of(10, 20, 30),
      index: Int32Array.of(0, 2, 2, 1),
      numbers: Float32Array.of(1, 2, 3, 4),
    });
    await compiled.release();
    expect([...difference]).toEqual([9, 6, 5, 19, 16, 15, 29, 26, 25]);
  });

  it("into zeros that are added to an array are made in that array", () => {
    const graph = trace((recorder) => {
      const array = recorder.input<tf.Rank.R2>("array", [3, 4]);
      const index = recorder.input<tf.Rank.R2>("index", [5, 2], "int32");
      const numbers = recorder.input<tf.Rank.R1>("numbers", [5]);
      return { difference: tf.sub(tf.exp(array), tf.scatterND(index, numbers, [3, 4])) };
    });
    expect(operatorsOf(graph)).not.toContain("Sub");
    expect(operatorsOf(graph)).not.toContain("Expand");
  });
});
