import {
  type DiagonalGaussian,
  type ForwardContext,
  type Recommender,
  type SplitDataset,
  type TensorBranch,
  type Trainer,
  UnsupportedError,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import type { MatchedRecommender } from "@dmrec/matching";
import * as tf from "@tensorflow/tfjs-core";

type Posterior = (parameters: TensorBranch, batch: UserBatch, context: ForwardContext) => DiagonalGaussian;

/** The users whose posteriors are computed at once. */
const usersAtOnce = 512;

/**
 * A_d = Var over users of E[z_d], `[latent]` (Burda et al. 2015): how much each dimension of the decoded posterior differs
 * between users. Undefined for a model without a latent distribution.
 *
 * @param weights The file of the fitted model's weights.
 */
export async function distributionActivity(
  trainer: Trainer,
  recommender: Recommender,
  weights: string,
  data: SplitDataset,
): Promise<Float64Array | undefined> {
  const posterior = posteriorOf(recommender);
  if (!posterior) return undefined;
  let latent = 0;
  // A recommender whose scores are the means, with zeros behind them: any engine computes it.
  const probe: Recommender = {
    name: recommender.name,
    configuration: recommender.configuration,
    itemCount: recommender.itemCount,
    ...(recommender.userCount !== undefined && { userCount: recommender.userCount }),
    ...(recommender.profileWidth !== undefined && { profileWidth: recommender.profileWidth }),
    reads: recommender.reads,
    examples: recommender.examples,
    parameters: recommender.parameters,
    ...(recommender.prepare && { prepare: recommender.prepare.bind(recommender) }),
    loss() {
      throw new UnsupportedError("a probe of posteriors is not trained");
    },
    scores(prepared, batch, context) {
      const { mean } = posterior(prepared, batch, context);
      const [users, width] = mean.shape;
      latent = width;
      if (width > recommender.itemCount)
        throw new UnsupportedError(
          `the activity of ${width} dimensions needs at least as many items; there are ${recommender.itemCount}`,
        );
      return width === recommender.itemCount
        ? mean
        : tf.concat2d([mean, tf.zeros([users, recommender.itemCount - width])], 1);
    },
  };
  await using open = await trainer.open(probe, { weights });
  const { itemCount, userCount, train } = data;
  const moments = { sums: new Float64Array(itemCount), squares: new Float64Array(itemCount) };
  for (let start = 0; start < userCount; start += usersAtOnce) {
    const users = Int32Array.from(
      { length: Math.min(usersAtOnce, userCount - start) },
      (_, row) => start + row,
    );
    const means = await open.score(gatherRows(train, users));
    for (let place = 0; place < means.length; place += 1) {
      moments.sums[place % itemCount] += means[place];
      moments.squares[place % itemCount] += means[place] ** 2;
    }
  }
  return Float64Array.from({ length: latent }, (_, dimension) => {
    const mean = moments.sums[dimension] / userCount;
    return Math.max(0, moments.squares[dimension] / userCount - mean ** 2);
  });
}

function posteriorOf(recommender: Recommender): Posterior | undefined {
  if (isMatched(recommender)) return (...inputs) => recommender.posteriors(...inputs).combined;
  if (isVariational(recommender)) return (...inputs) => recommender.encode(...inputs);
  return undefined;
}

function isMatched(recommender: Recommender): recommender is MatchedRecommender {
  return "posteriors" in recommender;
}

function isVariational(recommender: Recommender): recommender is VariationalRecommender {
  return "encode" in recommender;
}
