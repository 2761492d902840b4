import {
  arraysByName,
  type ExampleBatch,
  type ForwardContext,
  isConstant,
  type LossTerms,
  type Recommender,
  type TensorBranch,
  tensorsOf,
  type UserBatch,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { pairBatch, userBatch } from "./batches";
import { openParameters } from "./open-parameters";
import { testContext } from "./test-context";

/** A promise of every recommender, and its check, which throws if the promise is broken. */
export interface RecommenderCheck {
  readonly name: string;
  readonly check: () => void;
}

/**
 * The promises of the `Recommender` contract, for any test runner. The model needs at least two users and four items.
 *
 * @example
 * for (const { name, check } of recommenderChecks(() => myModel({ itemCount: 6 }))) it(name, check);
 */
export function recommenderChecks(make: () => Recommender): RecommenderCheck[] {
  const check = (name: string, run: (model: Recommender) => void): RecommenderCheck => ({
    name,
    check: () => {
      tf.tidy(() => run(make()));
    },
  });
  return [
    check("has a configuration that JSON keeps", ({ configuration }) => {
      const kept = JSON.stringify(JSON.parse(JSON.stringify(configuration)));
      expectThat(kept === JSON.stringify(configuration), "its configuration changes as JSON");
    }),
    check("has arrays as long as their shapes say", ({ parameters }) => {
      for (const [name, { shape, values }] of arraysByName(parameters))
        expectThat(
          values.length === tf.util.sizeFromShape([...shape]),
          `the array ${name} is of another size`,
        );
    }),
    check("has loss terms that are finite scalars", (model) => {
      const terms = Object.entries(lossOf(model));
      expectThat(terms.length > 0, "there is no loss term");
      for (const [name, term] of terms)
        expectThat(
          term.rank === 0 && Number.isFinite(term.dataSync()[0]),
          `the term ${name} is no finite scalar`,
        );
    }),
    check("makes the same requests in every step", (model) => {
      const [first, second] = [requestsOf(model, 0), requestsOf(model, 7)];
      expectThat(first.join() === second.join(), `it asks for ${first.join()}, then for ${second.join()}`);
    }),
    check("trains at least one parameter if it has any", (model) => {
      const names = [...arraysByName(model.parameters)].flatMap(([name, array]) =>
        isConstant(array) ? [] : [name],
      );
      if (names.length > 0) expectThat(trainedBy(model, names) > 0, "the loss reaches no parameter");
    }),
    check("scores all items of every user", (model) => {
      const scores = scoresOf(model, users(model));
      expectThat(scores.shape.join() === [2, model.itemCount].join(), `the scores are [${scores.shape}]`);
      expectThat(scores.dataSync().every(Number.isFinite), "a score is not finite");
    }),
    check("scores a user alike whoever else is in the batch", (model) => {
      const together = scoresOf(model, users(model));
      const alone = scoresOf(model, oneUser(model));
      expectThat(difference(tf.slice(together, 0, 1), alone) < 1e-4, "the scores depend on the batch");
    }),
    check("reads what it says it reads, and nothing else", (model) => {
      const { interactions, profile, userIndex } = model.reads;
      const changes = (batch: UserBatch, other: UserBatch) =>
        difference(scoresOf(model, batch), scoresOf(model, other)) > 1e-7;
      const byItems = changes(oneUser(model), oneUser(model, { items: [1, 3] }));
      expectThat(byItems === interactions, `reads.interactions is ${interactions}`);
      const byIndex = changes(oneUser(model), oneUser(model, { index: 1 }));
      // Without embeddings of the batch, a model that reads profiles looks them up by the index.
      expectThat(byIndex === (userIndex || profile), `reads.userIndex is ${userIndex}`);
      const { profileWidth } = model;
      expectThat((profileWidth !== undefined) === profile, `profileWidth is ${profileWidth}`);
      if (profileWidth === undefined || userIndex) return;
      const [zero, one] = [0, 1].map((value) =>
        oneUser(model, { index: "unknown", profile: new Array<number>(profileWidth).fill(value) }),
      );
      expectThat(changes(zero, one), "reads.profile is true");
    }),
    {
      name: "leaves no tensors but its results",
      check: () => {
        const model = make();
        tf.tidy(() => {
          const parameters = openParameters<typeof model.parameters>(model);
          const batch = examples(model);
          const before = tf.memory().numTensors;
          tf.tidy(() => {
            model.loss(parameters, batch, testContext());
            model.scores(
              model.prepare?.(parameters) ?? parameters,
              users(model),
              testContext({ training: false }),
            );
          });
          expectThat(tf.memory().numTensors === before, "tensors are left");
        });
      },
    },
  ];
}

function expectThat(holds: boolean, failure: string): asserts holds {
  if (!holds) throw new Error(failure);
}

function lossOf(model: Recommender, context: ForwardContext = testContext()): LossTerms {
  return model.loss(openParameters(model), examples(model), context);
}

function scoresOf(model: Recommender, batch: UserBatch): tf.Tensor2D {
  const parameters: TensorBranch = openParameters(model);
  return model.scores(model.prepare?.(parameters) ?? parameters, batch, testContext({ training: false }));
}

function examples(model: Recommender): ExampleBatch {
  const { examples, itemCount } = model;
  if (examples.kind === "users") return users(model);
  const negatives = Array.from({ length: examples.negatives }, (_, index) => (2 + index) % itemCount);
  return pairBatch(itemCount, [
    { user: 0, positive: 0, negatives },
    { user: 1, positive: 1, negatives },
  ]);
}

function users({ itemCount }: Recommender): UserBatch {
  return userBatch(itemCount, [[0, 2], [1]]);
}

interface UserOptions {
  readonly items?: readonly number[];
  readonly index?: number | "unknown";
  readonly profile?: readonly number[];
}

function oneUser(
  { itemCount }: Recommender,
  { items = [0, 2], index = 0, profile }: UserOptions = {},
): UserBatch {
  return userBatch(itemCount, [items], {
    users: index === "unknown" ? index : [index],
    ...(profile && { profileEmbeddings: [profile] }),
  });
}

/** The requests of a training step, in order. */
function requestsOf(model: Recommender, step: number): string[] {
  const requests: string[] = [];
  const context = testContext({ step });
  lossOf(model, {
    ...context,
    normal: (shape) => {
      requests.push(`normal [${shape}]`);
      return context.normal(shape);
    },
    dropout: (values, rate) => {
      requests.push(`dropout [${values.shape}] ${rate}`);
      return context.dropout(values, rate);
    },
    feed: (shape, make) => {
      requests.push(`feed [${shape}]`);
      return context.feed(shape, make);
    },
    report: (tensor, take) => {
      requests.push(`report [${tensor.shape}]`);
      context.report(tensor, take);
    },
  });
  return requests;
}

/** How many of these parameters have a gradient. */
function trainedBy(model: Recommender, names: readonly string[]): number {
  const arrays = arraysByName(model.parameters);
  const tensors = new Map(
    [...arrays].map(([name, { values, shape }]) => {
      const type = values instanceof Int32Array ? "int32" : "float32";
      return [name, tf.tensor(values, [...shape], type)] as const;
    }),
  );
  const own = (name: string) => tensors.get(name) ?? tf.scalar(0);
  const parameters = tensorsOf(model.parameters, own);
  const loss = () =>
    tf.addN<tf.Scalar>(Object.values(model.loss(parameters, examples(model), testContext())));
  const { grads } = tf.engine().gradients(loss, names.map(own), undefined, true);
  return grads.filter((gradient) => gradient).length;
}

function difference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
}
