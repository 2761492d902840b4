import type { Json } from "./json";

/**
 * What a model remembers of its training steps besides its parameters, if later steps depend on it, such as recent
 * losses. Checkpoints hold it, so a resumed run continues exactly.
 */
export interface TrainingState {
  /** The whole state as JSON. */
  serialize(): Json;
  /** Continues from what `serialize` returned. */
  restore(state: Json): void;
}
