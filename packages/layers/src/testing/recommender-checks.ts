import {
  arraysByName,
  type ExampleRows,
  type ForwardContext,
  isConstant,
  type LossTerms,
  type Recommender,
  type TensorBranch,
  type TensorTree,
  type UserBatch,
  type UserRows,
  type VariationalRecommender,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { batchTensors, userTensors } from "../batch-tensors";
import { type InteractionList, pairRows, type UserRowsOptions, userRows } from "./batches";
import { openParameters } from "./open-parameters";
import { type TestContextOptions, testContext } from "./test-context";

/** A promise that every recommender keeps. */
export interface RecommenderCheck {
  readonly name: string;
  /** Throws an error if the recommender does not keep the promise. */
  readonly check: () => void;
}

/**
 * The contract of {@link Recommender} as checks for any test runner. They run on the current backend of tfjs, which
 * needs the gradients of tfjs registered.
 *
 * @param makeRecommender Makes the model again for every check, with at least 4 items and, if it knows users, 2 users. A
 *   model with a formula for its parameters is made by its `solve`.
 * @example
 * for (const { name, check } of recommenderChecks(() => myModel({ itemCount: 12 }))) it(name, check);
 */
export function recommenderChecks(makeRecommender: () => Recommender): RecommenderCheck[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    check: () => {
      tf.tidy(() => check(new Subject(makeRecommender()), makeRecommender));
    },
  }));
}

const checks: Readonly<Record<string, (subject: Subject, make: () => Recommender) => void>> = {
  "has arrays as long as their shapes say"({ arrays }) {
    assertLengths(arrays);
  },

  "has loss terms that are finite scalars"(subject) {
    const terms = Object.entries(subject.loss());
    assert(terms.length > 0, "there is no loss term");
    for (const [name, term] of terms) {
      assert(
        term.rank === 0,
        `the loss term ${name} has shape [${term.shape.join(", ")}]; expected a scalar`,
      );
      const [value] = term.dataSync();
      assert(Number.isFinite(value), `the loss term ${name} is ${value}; expected a finite number`);
    }
  },

  "scores all items with finite numbers, also for users without interactions"(subject) {
    const scores = subject.scores(subject.rows());
    assertShape("the matrix of scores", scores, [users.length, subject.recommender.itemCount]);
    assertFinite("the scores", scores);
  },

  "scores a user independently of the rest of the batch"(subject) {
    const together = subject.scores(subject.rows());
    for (const user of users) {
      const one = subject.scores(subject.rows({ order: [user] }));
      assertClose(
        `the scores of user ${user} without other users`,
        one,
        tf.slice(together, [user, 0], [1, -1]),
      );
    }
  },

  "scores a user by their interactions in any order and with padding"(subject) {
    const plain = subject.scores(subject.rows());
    const turned = subject.scores(subject.rows({ padded: true }));
    assertClose("the scores for reordered and padded interactions", turned, plain);
  },

  "makes the same requests in the same order in every step"(subject) {
    const batch = subject.examples();
    const requests = (step: number, epoch: number, seed: number) =>
      recordRequests(testContext({ step, epoch, seed, noise: true, batch }), (context) =>
        subject.loss({ context }),
      );
    assertSame("the requests of a later step", requests(7, 3, 2), requests(0, 0, 1));
  },

  "draws nothing for scores"(subject) {
    const scores = (seed: number) => subject.scores(subject.rows(), { seed });
    assertSame("the scores of another seed", [...scores(2).dataSync()], [...scores(1).dataSync()]);
    const requests = recordRequests(testContext({ training: false }), (context) =>
      subject.recommender.scores(subject.prepared, subject.batch(subject.rows()), context),
    );
    const noise = requests.find((request) => request.startsWith("normal"));
    assert(noise === undefined, `scores request ${noise}`);
  },

  "reads interactions if it says so"(subject) {
    const other = subject.scores(subject.rows({ interactions: subject.otherInteractions() }));
    subject.assertReads("interactions", other);
  },

  "reads the profile embeddings of a batch if it says so"(subject) {
    const { profileWidth, reads } = subject.recommender;
    const isStated = (profileWidth !== undefined) === reads.profile;
    assert(isStated, `reads.profile is ${reads.profile}, but profileWidth is ${profileWidth}`);
    const other = subject.scores(subject.rows({ profiles: "other" }));
    subject.assertReads("profile", other);
  },

  "reads the index of a user if it says so"(subject) {
    const other = subject.scores(subject.rows({ users: [1, 2, 0] }));
    subject.assertReads("userIndex", other);
    if (!subject.recommender.reads.userIndex) subject.scores(subject.rows({ users: "unknown" }));
  },

  "passes gradients to a parameter"(subject) {
    const trained = [...subject.arrays].flatMap(([name, array]) => (isConstant(array) ? [] : [name]));
    if (trained.length === 0) return;
    const gradients = Object.entries(subject.gradients(trained));
    for (const [name, gradient] of gradients) assertFinite(`the gradient of ${name}`, gradient);
    const isReached = gradients.some(([, gradient]) => gradient.dataSync().some((slope) => slope !== 0));
    assert(isReached, "no parameter has a gradient");
  },

  "leaves no tensors behind and its parameters as they were"(subject) {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      subject.loss();
      subject.recommender.prepare?.(subject.parameters);
      subject.scores(subject.rows());
    });
    const left = tf.memory().numTensors - before;
    assert(left === 0, `${left} tensors are left behind`);
    for (const [name, { values }] of subject.arrays)
      assertSame(`the values of ${name}`, [...subject.tensor(name).dataSync()], [...values]);
  },

  "has a configuration that survives JSON"({ recommender }) {
    assertJson("configuration", recommender.configuration);
  },

  "is made the same again"({ recommender, arrays }, make) {
    const again = make();
    assertSame("the configuration", again.configuration, recommender.configuration);
    const arraysAgain = arraysByName(again.parameters);
    assertSame("the names of parameters", [...arraysAgain.keys()], [...arrays.keys()]);
    for (const [name, { values }] of arrays)
      assertSame(`the values of ${name}`, [...(arraysAgain.get(name)?.values ?? [])], [...values]);
  },

  "prepares the same scores for every batch"(subject) {
    const { recommender } = subject;
    const rows = subject.rows();
    const first = subject.scores(rows);
    subject.scores(subject.rows({ interactions: subject.otherInteractions() }));
    assertClose("the scores of a second call", subject.scores(rows), first);
    if (!recommender.prepare || !isVariational(recommender)) return;
    const context = testContext({ training: false });
    const batch = subject.batch(rows);
    const raw = recommender.encode(subject.parameters, batch, context);
    const prepared = recommender.encode(subject.prepared, batch, context);
    assertClose("the means of prepared parameters", prepared.mean, raw.mean);
    assertClose("the log-variances of prepared parameters", prepared.logVariance, raw.logVariance);
    assertClose(
      "the logits of prepared parameters",
      recommender.decode(subject.prepared, raw.mean, context),
      recommender.decode(subject.parameters, raw.mean, context),
    );
  },

  "encodes and decodes users as distributions if it is variational"(subject) {
    const { recommender, parameters } = subject;
    if (!isVariational(recommender)) return;
    const context = testContext({ training: false });
    const batch = subject.batch(subject.rows());
    const posterior = recommender.encode(parameters, batch, context);
    for (const [name, tensor] of [
      ["means", posterior.mean],
      ["log-variances", posterior.logVariance],
    ] as const) {
      assertShape(`the matrix of ${name}`, tensor, [users.length, recommender.latentDimension]);
      assertFinite(`the ${name}`, tensor);
    }
    const logits = recommender.decode(parameters, posterior.mean, context);
    assertShape("the matrix of logits", logits, [users.length, recommender.itemCount]);
    const terms = recommender.reconstructionLoss(parameters, batch, posterior, testContext());
    assertFinite("the reconstruction loss", sumOf(terms));
  },
};

/** The rows of every batch: the last one has no interactions. */
const users = [0, 1, 2] as const;

interface RowsOptions {
  /** The rows to take, in this order. */
  readonly order?: readonly number[];
  readonly interactions?: readonly InteractionList[];
  readonly users?: UserRowsOptions["users"];
  readonly profiles?: "own" | "other";
  readonly padded?: boolean;
}

/** A recommender with its tensors, and examples for it. */
class Subject {
  readonly recommender: Recommender;
  readonly arrays: ReturnType<typeof arraysByName>;
  readonly parameters: TensorBranch;
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
  readonly prepared: TensorBranch;

  constructor(recommender: Recommender) {
    this.recommender = recommender;
    this.arrays = arraysByName(recommender.parameters);
    // Before tfjs refuses such arrays without their names.
    assertLengths(this.arrays);
    this.parameters = openParameters(recommender);
    this.tensors = tensorsByName(this.parameters);
    this.prepared = recommender.prepare?.(this.parameters) ?? this.parameters;
  }

  tensor(name: string): tf.Tensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new RangeError(`no tensor ${name}`);
    return tensor;
  }

  /** Half of the items for the first user, the other half for the second, none for the third. */
  interactions(): number[][] {
    const items = Array.from({ length: this.recommender.itemCount }, (_, item) => item);
    return [items.filter((item) => item % 2 === 0), items.filter((item) => item % 2 === 1), []];
  }

  otherInteractions(): number[][] {
    const [even] = this.interactions();
    return [even.slice(1), even, [1]];
  }

  rows(options: RowsOptions = {}): UserRows {
    const { order = users, interactions = this.interactions(), profiles = "own", padded = false } = options;
    const userIndices = options.users ?? [...users];
    const shift = profiles === "own" ? 0 : users.length;
    const { itemCount, profileWidth } = this.recommender;
    const lists = order.map((row) =>
      padded
        ? [{ item: 0, weight: 0 }, ...interactions[row]].reverse().concat([{ item: 1, weight: 0 }])
        : interactions[row],
    );
    return userRows(itemCount, lists, {
      users: userIndices === "unknown" ? userIndices : order.map((row) => this.#userIndex(userIndices[row])),
      profileEmbeddings:
        profileWidth === undefined ? undefined : order.map((row) => profileOf(row + shift, profileWidth)),
    });
  }

  examples(): ExampleRows {
    const { examples, itemCount } = this.recommender;
    if (examples.kind === "users") return this.rows();
    const [even, odd] = this.interactions();
    const negatives = (items: readonly number[]) =>
      Array.from({ length: examples.negatives }, (_, index) => items[index % items.length]);
    return pairRows(itemCount, [
      { user: this.#userIndex(0), positive: even[0], negatives: negatives(odd) },
      { user: this.#userIndex(1), positive: odd[0], negatives: negatives(even) },
      { user: this.#userIndex(1), positive: odd[1], negatives: negatives(even) },
    ]);
  }

  batch(rows: UserRows): UserBatch {
    return userTensors(rows);
  }

  loss({ context }: { readonly context?: ForwardContext } = {}): LossTerms {
    const rows = this.examples();
    return this.recommender.loss(
      this.parameters,
      batchTensors(rows),
      context ?? testContext({ batch: rows, noise: true }),
    );
  }

  scores(rows: UserRows, options: TestContextOptions = {}): tf.Tensor2D {
    const context = testContext({ ...options, training: false, batch: rows, noise: true });
    return this.recommender.scores(this.prepared, this.batch(rows), context);
  }

  /** The gradients of the loss with respect to those of the named parameters that it depends on. */
  gradients(names: readonly string[]): Readonly<Record<string, tf.Tensor>> {
    const tensors = names.map((name) => this.tensor(name));
    // Unlike tf.grads, the engine lets a loss depend on no parameter, which the check reports.
    const { grads } = tf.engine().gradients(() => sumOf(this.loss()), tensors, undefined, true);
    const found: readonly (tf.Tensor | undefined)[] = grads;
    return Object.fromEntries(
      names.flatMap((name, index) => {
        const gradient = found[index];
        return gradient ? [[name, gradient] as const] : [];
      }),
    );
  }

  /** Asserts that the scores of a batch that differs in one kind of input differ if, and only if, the model reads it. */
  assertReads(input: keyof Recommender["reads"], other: tf.Tensor2D): void {
    const isRead = this.recommender.reads[input];
    const isChanged = greatestDifference(other, this.scores(this.rows())) > tolerance;
    assert(
      isChanged === isRead,
      `reads.${input} is ${isRead}, but scores ${isChanged ? "change" : "do not change"} with it`,
    );
  }

  #userIndex(row: number): number {
    return row % (this.recommender.userCount ?? users.length);
  }
}

/** Distinct ordinary numbers. */
function profileOf(row: number, width: number): number[] {
  return Array.from({ length: width }, (_, column) => Math.sin(1 + 3 * (row * width + column)));
}

function assertLengths(arrays: ReturnType<typeof arraysByName>): void {
  for (const [name, { shape, values }] of arrays)
    assertSame(`the number of values of ${name}`, values.length, tf.util.sizeFromShape([...shape]));
}

/** The requests that a pass makes of its context, such as `normal [2, 3]`. */
function recordRequests(context: ForwardContext, pass: (context: ForwardContext) => unknown): string[] {
  const requests: string[] = [];
  const note = (request: string, shape?: readonly number[]) =>
    requests.push(shape ? `${request} [${shape.join(", ")}]` : request);
  pass({
    training: context.training,
    normal: (shape) => {
      note("normal", shape);
      return context.normal(shape);
    },
    dropout: (values, rate) => {
      note("dropout", values.shape);
      return context.dropout(values, rate);
    },
    feed: (shape, make) => {
      note("feed", shape);
      return context.feed(shape, make);
    },
    report: (tensor, take) => {
      note("report", tensor.shape);
      context.report(tensor, take);
    },
    trainingState: (create) => {
      note("trainingState");
      return context.trainingState(create);
    },
  });
  return requests;
}

function isVariational(recommender: Recommender): recommender is VariationalRecommender {
  return "encode" in recommender && "decode" in recommender && "latentDimension" in recommender;
}

function tensorsByName(tree: TensorTree | undefined, path: readonly string[] = []): Map<string, tf.Tensor> {
  if (tree === undefined) return new Map();
  if (tree instanceof tf.Tensor) return new Map([[path.join("."), tree]]);
  const children: readonly (readonly [string, TensorTree | undefined])[] = Object.entries(tree);
  return new Map(children.flatMap(([name, child]) => [...tensorsByName(child, [...path, name])]));
}

/** Compared numbers may differ by rounding: batches of other sizes are summed in another order. */
const tolerance = 1e-5;

function sumOf(terms: LossTerms): tf.Scalar {
  return Object.values(terms).reduce((sum, term) => tf.add(sum, term), tf.scalar(0));
}

function greatestDifference(actual: tf.Tensor, expected: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0];
}

function assertClose(what: string, actual: tf.Tensor, expected: tf.Tensor): void {
  assertShape(what, actual, expected.shape);
  const difference = greatestDifference(actual, expected);
  const scale = Math.max(1, tf.max(tf.abs(expected)).dataSync()[0]);
  assert(difference <= tolerance * scale, `${what} differ by up to ${difference}`);
}

function assertFinite(what: string, tensor: tf.Tensor): void {
  const bad = Array.from(tensor.dataSync()).find((value) => !Number.isFinite(value));
  assert(bad === undefined, `${what} contain ${bad}; expected finite numbers`);
}

function assertShape(what: string, { shape }: tf.Tensor, expected: readonly number[]): void {
  assertSame(`the shape of ${what}`, shape, expected);
}

/** Asserts that two values are the same as JSON. */
function assertSame(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  assert(found === wanted, `${what}: ${shortened(found)}; expected ${shortened(wanted)}`);
}

function assertJson(path: string, value: unknown): void {
  const isPlainValue = value === null || typeof value === "string" || typeof value === "boolean";
  if (isPlainValue || Number.isFinite(value)) return;
  const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  assert(
    typeof value === "object" && (prototype === Object.prototype || Array.isArray(value)),
    `${path} is ${String(value)}, which does not survive JSON`,
  );
  for (const [name, child] of Object.entries(value)) assertJson(`${path}.${name}`, child);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
