import type { Json, TrainingState } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { RunStates } from "./run-states";

/** A state that shares its values with those who serialize and restore it. */
class Memory implements TrainingState {
  values: Json[] = [0];

  serialize(): Json {
    return this.values;
  }

  restore(state: Json): void {
    if (Array.isArray(state)) this.values = state;
  }
}

describe("RunStates", () => {
  it("restores the objects that it gave, to a checkpoint and to the beginning", () => {
    const states = new RunStates();
    const memory = states.at(0, () => new Memory());
    memory.values.push(1);
    const saved = structuredClone(states.serialize());
    memory.values.push(2);
    states.restore(saved);
    expect(states.at(0, () => new Memory())).toBe(memory);
    expect(memory.values).toEqual([0, 1]);
    memory.values.push(3);
    expect(states.serialize()).toEqual([[0, 1, 3]]);
    for (const _ of [1, 2]) {
      states.restore();
      expect(memory.values).toEqual([0]);
      memory.values.push(4);
    }
  });

  it("keeps restored states that the model has not asked for yet", () => {
    const states = new RunStates();
    states.restore([[5], [6]]);
    expect(states.serialize()).toEqual([[5], [6]]);
    expect(states.at(0, () => new Memory()).values).toEqual([5]);
    expect(states.serialize()).toEqual([[5], [6]]);
    states.restore();
    expect(states.at(1, () => new Memory()).values).toEqual([0]);
    expect(states.serialize()).toEqual([[0], [0]]);
  });
});
