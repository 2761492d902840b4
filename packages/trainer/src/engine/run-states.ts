import type { Json, TrainingState } from "@dmrec/core";
import type { TrainingStates } from "@dmrec/layers";

interface MadeState {
  readonly state: TrainingState;
  /** The state as the model made it. */
  readonly initial: Json;
}

/**
 * The training states of one run: made when the model first asks for them, and restored from a checkpoint.
 *
 * Each is one object for as long as the model is open, because the functions of a traced step hold it.
 */
export class RunStates implements TrainingStates {
  readonly #states: MadeState[] = [];
  /** The restored states by position. A state that is made later continues from its own. */
  #restored: readonly Json[] = [];

  at<State extends TrainingState>(position: number, create: () => State): State {
    const known = this.#states[position];
    // The request at a position is the same in every pass, so its state has the type that `create` gave it.
    if (known) return known.state as State;
    const state = create();
    this.#states[position] = { state, initial: structuredClone(state.serialize()) };
    if (this.#restored[position] !== undefined) state.restore(structuredClone(this.#restored[position]));
    return state;
  }

  serialize(): Json[] {
    const made = this.#states.map(({ state }) => state.serialize());
    return [...made, ...this.#restored.slice(made.length)];
  }

  /** Starts again from what `serialize` returned, or from the model's initial states. */
  restore(states: readonly Json[] = []): void {
    this.#restored = states;
    // Copies, because a state may keep and change the value that it is given.
    for (const [position, { state, initial }] of this.#states.entries())
      state.restore(structuredClone(position < states.length ? states[position] : initial));
  }
}
