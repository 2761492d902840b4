import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RandomGenerator } from "@dmrec/core";
import { OnnxFile } from "./onnx-file";

const [width, heads, layers, inner, positions] = [16, 2, 2, 32, 24];
const headWidth = width / heads;

export const vocabulary = [
  ..."[PAD] [UNK] [CLS] [SEP] slow melan ##cholic music with female vocals cafe und ##s passage : 音 楽".split(
    " ",
  ),
];
/** Tokens that the tiny model sees of a text. */
export const maximumTokens = 12;

interface Parameters {
  readonly [name: string]: { readonly values: Float32Array; readonly dims: readonly number[] };
}

/** Weights of a seed. */
function parameters(): Parameters {
  const random = RandomGenerator.fromSeed(11).fork("tiny-bert");
  const normal = (scale: number, ...dims: number[]) => ({
    values: random.fillNormal(new Float32Array(dims.reduce((a, b) => a * b))).map((value) => scale * value),
    dims,
  });
  const norm = (name: string) => [
    [
      `${name}.scale`,
      { values: normal(0.2, width).values.map((value) => 1 + value), dims: [width] },
    ] as const,
    [`${name}.bias`, normal(0.2, width)] as const,
  ];
  const dense = (name: string, from: number, to: number) => [
    [`${name}.weight`, normal(0.4, from, to)] as const,
    [`${name}.bias`, normal(0.2, to)] as const,
  ];
  return Object.fromEntries([
    ["words", normal(1, vocabulary.length, width)] as const,
    ["types", normal(0.5, 2, width)] as const,
    ["positions", normal(0.5, positions, width)] as const,
    ...norm("norm"),
    ...Array.from({ length: layers }, (_, layer) => `layer${layer}`).flatMap((name) => [
      ...["query", "key", "value", "out"].flatMap((part) => dense(`${name}.${part}`, width, width)),
      ...norm(`${name}.norm1`),
      ...dense(`${name}.up`, width, inner),
      ...dense(`${name}.down`, inner, width),
      ...norm(`${name}.norm2`),
    ]),
  ]);
}

/** A small BERT with weights of a seed, as an ONNX file. */
function bertFile(): Uint8Array {
  const file = new OnnxFile();
  for (const [name, { values, dims }] of Object.entries(parameters())) file.constant(name, values, dims);
  const scalar = (name: string, value: number) => file.constant(name, Float32Array.of(value), []);
  const norm = (name: string, x: string) =>
    file.add("LayerNormalization", [x, `${name}.scale`, `${name}.bias`], `${name}.out`, {
      axis: -1,
      epsilon: { f: 1e-12 },
    });
  const dense = (name: string, x: string) =>
    file.add(
      "Add",
      [file.add("MatMul", [x, `${name}.weight`], `${name}.product`), `${name}.bias`],
      `${name}.sum`,
    );
  const split = file.longs("split", 0, 0, heads, headWidth);
  const joined = file.longs("joined", 0, 0, width);
  const headsOf = (name: string, x: string, perm: readonly number[]) =>
    file.add("Transpose", [file.add("Reshape", [x, split], `${name}.split`)], `${name}.heads`, { perm });
  const [one, half, root, zeroIndex, oneIndex] = [
    scalar("one", 1),
    scalar("half", 0.5),
    scalar("root", Math.SQRT1_2),
    file.constant("zeroIndex", BigInt64Array.of(0n), []),
    file.constant("oneIndex", BigInt64Array.of(1n), []),
  ];
  const hidden = scalar("hidden", -10_000);
  const scale = scalar("scale", 1 / Math.sqrt(headWidth));

  const length = file.add("Gather", [file.add("Shape", ["input_ids"], "shape"), oneIndex], "length");
  const places = file.add(
    "Gather",
    ["positions", file.add("Range", [zeroIndex, length, oneIndex], "range")],
    "placed",
  );
  const words = file.add("Gather", ["words", "input_ids"], "worded");
  const typed = file.add(
    "Add",
    [words, file.add("Gather", ["types", "token_type_ids"], "typed")],
    "words+types",
  );
  let x = norm("norm", file.add("Add", [typed, places], "embedded"));

  const visible = file.add("Cast", ["attention_mask"], "visible", { to: 1 });
  const penalties = file.add("Mul", [file.add("Sub", [one, visible], "invisible"), hidden], "penalties");
  const mask = file.add("Unsqueeze", [penalties, file.longs("axes", 1, 2)], "mask");
  for (let layer = 0; layer < layers; layer += 1) {
    const name = `layer${layer}`;
    const query = headsOf(`${name}.query`, dense(`${name}.query`, x), [0, 2, 1, 3]);
    const key = headsOf(`${name}.key`, dense(`${name}.key`, x), [0, 2, 3, 1]);
    const value = headsOf(`${name}.value`, dense(`${name}.value`, x), [0, 2, 1, 3]);
    const products = file.add(
      "Mul",
      [file.add("MatMul", [query, key], `${name}.products`), scale],
      `${name}.scaled`,
    );
    const attention = file.add(
      "Softmax",
      [file.add("Add", [products, mask], `${name}.masked`)],
      `${name}.attention`,
      { axis: -1 },
    );
    const context = file.add(
      "Transpose",
      [file.add("MatMul", [attention, value], `${name}.context`)],
      `${name}.back`,
      { perm: [0, 2, 1, 3] },
    );
    const attended = dense(`${name}.out`, file.add("Reshape", [context, joined], `${name}.joined`));
    x = norm(`${name}.norm1`, file.add("Add", [x, attended], `${name}.residual1`));
    const up = dense(`${name}.up`, x);
    const erf = file.add("Erf", [file.add("Mul", [up, root], `${name}.rooted`)], `${name}.erf`);
    const gate = file.add("Mul", [file.add("Add", [erf, one], `${name}.shifted`), half], `${name}.gate`);
    const down = dense(`${name}.down`, file.add("Mul", [up, gate], `${name}.gelu`));
    x = norm(`${name}.norm2`, file.add("Add", [x, down], `${name}.residual2`));
  }
  file.add("Identity", [x], "last_hidden_state");
  const tokens = ["texts", "length"];
  return file.encode(
    { input_ids: tokens, attention_mask: tokens, token_type_ids: tokens },
    { last_hidden_state: [...tokens, "width"] },
  );
}

/** The vectors of a text's tokens by the same BERT, computed one text at a time in double precision, without padding. */
export function referenceVectors(ids: readonly number[]): number[][] {
  const all = parameters();
  const row = (name: string, index: number) => {
    const { values, dims } = all[name];
    const size = dims[dims.length - 1];
    return Array.from(values.subarray(index * size, (index + 1) * size));
  };
  const add = (a: readonly number[], b: readonly number[]) => a.map((value, index) => value + b[index]);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index], 0);
  const dense = (name: string, x: readonly number[]) =>
    x.reduce(
      (sum, value, index) =>
        add(
          sum,
          row(`${name}.weight`, index).map((weight) => weight * value),
        ),
      row(`${name}.bias`, 0),
    );
  const norm = (name: string, x: readonly number[]) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length + 1e-12);
    const [scales, biases] = [row(`${name}.scale`, 0), row(`${name}.bias`, 0)];
    return x.map((value, index) => ((value - mean) / deviation) * scales[index] + biases[index]);
  };
  let vectors = ids.map((id, place) =>
    norm("norm", add(add(row("words", id), row("types", 0)), row("positions", place))),
  );
  for (let layer = 0; layer < layers; layer += 1) {
    const name = `layer${layer}`;
    const [queries, keys, values] = ["query", "key", "value"].map((part) =>
      vectors.map((x) => dense(`${name}.${part}`, x)),
    );
    const attended = vectors.map((_, place) =>
      Array.from({ length: heads }, (_, head) => {
        const own = (x: readonly number[]) => x.slice(head * headWidth, (head + 1) * headWidth);
        const weights = keys.map((key) =>
          Math.exp(dot(own(queries[place]), own(key)) / Math.sqrt(headWidth)),
        );
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        return values.reduce(
          (sum, value, index) =>
            add(
              sum,
              own(value).map((entry) => (entry * weights[index]) / total),
            ),
          new Array<number>(headWidth).fill(0),
        );
      }).flat(),
    );
    vectors = vectors.map((x, place) => norm(`${name}.norm1`, add(x, dense(`${name}.out`, attended[place]))));
    vectors = vectors.map((x) => {
      const activated = dense(`${name}.up`, x).map((value) => (value * (1 + erf(value / Math.SQRT2))) / 2);
      return norm(`${name}.norm2`, add(x, dense(`${name}.down`, activated)));
    });
  }
  return vectors;
}

/** By its series, which converges everywhere. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const tokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
  },
};

/** Writes an encoder in the layout of sentence-transformers: {@link referenceVectors}, pooled. */
export async function writeTinyEncoder(
  folder: string,
  { pooling = "mean", normalize = true }: { readonly pooling?: string; readonly normalize?: boolean } = {},
): Promise<void> {
  await mkdir(join(folder, "1_Pooling"), { recursive: true });
  const module = (name: string, path: string) => ({ path, type: `sentence_transformers.models.${name}` });
  const files: Record<string, unknown> = {
    "tokenizer.json": tokenizer,
    "modules.json": [
      module("Transformer", ""),
      module("Pooling", "1_Pooling"),
      ...(normalize ? [module("Normalize", "2_Normalize")] : []),
    ],
    "1_Pooling/config.json": {
      word_embedding_dimension: width,
      pooling_mode_cls_token: pooling === "cls",
      pooling_mode_mean_tokens: pooling === "mean",
      pooling_mode_max_tokens: pooling === "max",
    },
    "sentence_bert_config.json": { max_seq_length: maximumTokens },
    "config_sentence_transformers.json": { prompts: { document: "passage: " }, default_prompt_name: null },
  };
  await writeFile(join(folder, "model.onnx"), bertFile());
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
}
