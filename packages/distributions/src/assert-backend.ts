import { DMRecError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Asserts that there is a tensor backend for variables to live on.
 *
 * @throws DMRecError (`unsupported`) saying how one is started.
 */
export function assertBackend(): void {
  if (Object.keys(tf.engine().registryFactory).length > 0) return;
  throw new DMRecError(
    "unsupported",
    "no tensor backend is started; make the trainer before the models (await createTrainer()), or import a backend of tfjs",
  );
}
