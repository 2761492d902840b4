import {
  type InteractionMatrix,
  type ItemSampleRows,
  type ItemSampling,
  itemPopularity,
  type RandomGenerator,
} from "@dmrec/core";

/** Draws items that stand for a catalogue, such as those of a sampled softmax. */
export interface ItemSampler {
  /** `[items]`: the expected number of draws of each item, at most 1. */
  readonly expectedCounts: Float64Array;
  /**
   * A sample, and where the items of a batch are in it. It depends only on the generator, so a resumed run draws the same.
   *
   * @param items The items of a batch's interactions.
   */
  sample(items: Int32Array, random: RandomGenerator): ItemSampleRows;
}

/** The log of the weight of a draw that counts with an earlier one of the same item: finite, and 0 after exp. */
const noWeight = -1e30;

/**
 * A sampler whose expected counts are proportional to the proposal, up to 1: an item that would be drawn more often is in
 * every sample, exactly once. If all items are to be drawn, each of them is.
 *
 * The sampler lays the items on a line by falling popularity. The interval of an item is as long as its expected count. The
 * sampler draws one point uniformly from each unit of the line and takes the item at the point. So the expected counts are
 * exact, and every sample has items of all popularities (stratified sampling). An item at the border of two units may be
 * drawn twice.
 *
 * @example
 * const sampler = itemSampler(data.train, { count: 4096, proposal: "log-uniform" });
 * const { items, logWeights } = sampler.sample(batch.items, random.fork("sample", step));
 */
export function itemSampler(train: InteractionMatrix, { count, proposal }: ItemSampling): ItemSampler {
  const { itemCount } = train;
  const samples = Math.min(count, itemCount);
  const popularity = itemPopularity(train);
  const order = Int32Array.from(popularity.keys()).sort((a, b) => popularity[b] - popularity[a] || a - b);
  const weights = Float64Array.from(order, (item, rank) =>
    proposal === "popularity" ? popularity[item] + 1 : Math.log1p(1 / (rank + 1)),
  );
  const counts = limitedCounts(weights, samples);
  const expectedCounts = new Float64Array(itemCount);
  order.forEach((item, rank) => {
    expectedCounts[item] = counts[rank];
  });
  const ends = new Float64Array(itemCount);
  let end = 0;
  counts.forEach((length, rank) => {
    end += length;
    ends[rank] = end;
  });
  /** The place of each item in the sample in progress; `samples` for none. */
  const placeOf = new Int32Array(itemCount).fill(samples);
  return {
    expectedCounts,
    sample(items, random) {
      const drawn = new Int32Array(samples);
      const logWeights = new Float32Array(samples);
      let rank = 0;
      for (let place = 0; place < samples; place += 1) {
        const point = place + random.uniform();
        while (rank < itemCount - 1 && ends[rank] <= point) rank += 1;
        const item = order[rank];
        drawn[place] = item;
        if (place > 0 && drawn[place - 1] === item) {
          logWeights[place - 1] = Math.log(2 / counts[rank]);
          logWeights[place] = noWeight;
        } else {
          logWeights[place] = -Math.log(counts[rank]);
          placeOf[item] = place;
        }
      }
      const places = items.map((item) => placeOf[item]);
      for (const item of drawn) placeOf[item] = samples;
      return { items: drawn, logWeights, places };
    },
  };
}

/** Numbers of at most 1 with a sum, proportional to falling weights but never more than 1. */
function limitedCounts(weights: Float64Array, sum: number): Float64Array {
  // Added up from the smallest, because a difference of two large sums would lose the last weights.
  const rests = new Float64Array(weights.length + 1);
  for (let rank = weights.length - 1; rank >= 0; rank -= 1) rests[rank] = rests[rank + 1] + weights[rank];
  let certain = 0;
  while (certain < sum && weights[certain] * (sum - certain) >= rests[certain] * (1 - 1e-12)) certain += 1;
  return weights.map((weight, rank) => (rank < certain ? 1 : (weight * (sum - certain)) / rests[certain]));
}
