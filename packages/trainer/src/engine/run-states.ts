import type { Json, TrainingState } from "@dmrec/core";
import type { TrainingStates } from "@dmrec/layers";

/** The training states of one run: made when the model first asks for them, and restored from a checkpoint. */
export class RunStates implements TrainingStates {
  #states: TrainingState[] = [];
  /** The restored states by position. A state that is made later continues from its own. */
  #restored: readonly Json[] = [];

  at<State extends TrainingState>(position: number, create: () => State): State {
    const known = this.#states[position];
    // The request at a position is the same in every pass, so its state has the type that `create` gave it.
    if (known) return known as State;
    const state = create();
    if (this.#restored[position] !== undefined) state.restore(this.#restored[position]);
    this.#states[position] = state;
    return state;
  }

  serialize(): Json[] {
    return this.#states.length > 0 ? this.#states.map((state) => state.serialize()) : [...this.#restored];
  }

  /** Starts again from what `serialize` returned, or from the model's initial states. */
  restore(states: readonly Json[] = []): void {
    this.#states = [];
    this.#restored = states;
  }
}
