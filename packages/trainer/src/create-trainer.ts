import {
  type FitOptions,
  type FittedRecommender,
  type OpenOptions,
  parseOptions,
  type Recommender,
  type SplitDataset,
  type Trainer,
} from "@dmrec/core";
import { readWeights } from "./artifacts/weights-file";
import { assertDataFits } from "./assert-fits";
import { assertRecommender } from "./assert-recommender";
import { openSchema } from "./call-options";
import type { Engine } from "./engine/engine";
import { startEngine } from "./engine/start-engine";
import { OpenModel } from "./open-model";
import { type TrainerOptions, type TrainerSettings, trainerSchema } from "./trainer-options";

/**
 * Makes a trainer and starts its engine.
 *
 * @throws InvalidOptionsError
 * @throws UnsupportedError if the requested engine, backend or execution provider cannot be started.
 * @example
 * const trainer = await createTrainer({ seed: 1, adam: { learningRate: 1e-3 } });
 * await using model = await trainer.fit(multVae({ itemCount: data.itemCount }), data);
 */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  const settings = parseOptions("createTrainer", trainerSchema, options);
  return new EngineTrainer(await startEngine(settings.engine), settings);
}

class EngineTrainer implements Trainer {
  readonly #engine: Engine;
  readonly #settings: TrainerSettings;

  constructor(engine: Engine, settings: TrainerSettings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  get engine() {
    return this.#engine.report;
  }

  async open(described: Recommender, options: OpenOptions = {}): Promise<OpenModel> {
    assertRecommender("open", described);
    const { data, weights } = parseOptions("open", openSchema, options);
    if (data) assertDataFits(described, data);
    const recommender = await this.#solved(described);
    const arrays = weights === undefined ? undefined : await readWeights(recommender, weights);
    const { seed, adam } = this.#settings;
    const session = await this.#engine.open(recommender, { seed, adam });
    try {
      if (arrays) session.writeParameters(arrays);
      return new OpenModel(recommender, session, this.#settings, data);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** The recommender with its parameters, if it has a formula for them. */
  async #solved(recommender: Recommender): Promise<Recommender> {
    const { solve } = recommender;
    return solve ? this.#engine.withProduct((product) => solve.call(recommender, product)) : recommender;
  }

  async fit(
    recommender: Recommender,
    data: SplitDataset,
    options: FitOptions = {},
  ): Promise<FittedRecommender> {
    assertRecommender("fit", recommender);
    const model = await this.open(recommender);
    try {
      const training = await model.fit(data, options);
      return Object.assign(model, { training });
    } catch (error) {
      await model.close();
      throw error;
    }
  }
}
