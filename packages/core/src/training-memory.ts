import type { Json } from "./json";

/**
 * What a recommender on the host remembers of its training steps besides its variables, and what its next steps depend
 * on: observed losses, for example. Checkpoints hold it, so that a resumed run goes on to the bit.
 */
export interface TrainingMemory {
  /** All of it, as JSON. */
  read(): Json;
  /** Goes on from what `read` gave. */
  restore(state: Json): void;
}
