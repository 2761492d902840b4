import type { Json } from "./json";

/**
 * A model's memory of its training steps besides its parameters, such as recent losses that later steps depend on.
 * Checkpoints hold it, so a resumed run continues exactly.
 */
export interface TrainingState {
  /** The whole state as JSON. */
  serialize(): Json;
  /** Continues from what `serialize` returned. */
  restore(state: Json): void;
}
