import type { EngineReport, ExampleRows, UserRows } from "@dmrec/core";
import type { StepClock } from "@dmrec/layers";
import type { NamedArrays } from "../artifacts/safetensors";
import type { EngineSession, RankedUsers } from "./engine";
import type { RunStates } from "./run-states";

/** A session that continues on another engine, for good, when its first engine cannot run the model. */
export class FallbackSession implements EngineSession {
  #session: EngineSession;
  /** Opens the model on the other engine, or throws the error if that would not help. */
  readonly #openFallback: (error: unknown) => Promise<EngineSession>;
  readonly #firstSession: EngineSession;
  #move: Promise<void> | undefined;

  constructor(session: EngineSession, openFallback: (error: unknown) => Promise<EngineSession>) {
    this.#session = session;
    this.#firstSession = session;
    this.#openFallback = openFallback;
  }

  get report(): EngineReport {
    return this.#session.report;
  }

  get states(): RunStates {
    return this.#session.states;
  }

  step(rows: ExampleRows, clock: StepClock): Promise<Record<string, number>> {
    return this.#withFallback((session) => session.step(rows, clock));
  }

  score(rows: UserRows, into: Float32Array): Promise<void> {
    return this.#withFallback((session) => session.score(rows, into));
  }

  rank(rows: UserRows, request: RankedUsers): Promise<readonly Int32Array[] | undefined> {
    return this.#withFallback((session) => session.rank(rows, request));
  }

  readParameters(): Promise<NamedArrays> {
    return this.#session.readParameters();
  }

  writeParameters(arrays: NamedArrays): void {
    this.#session.writeParameters(arrays);
  }

  readOptimizer(): Promise<NamedArrays> {
    return this.#session.readOptimizer();
  }

  writeOptimizer(arrays: NamedArrays): void {
    this.#session.writeOptimizer(arrays);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #withFallback<Result>(call: (session: EngineSession) => Promise<Result>): Promise<Result> {
    const session = this.#session;
    try {
      return await call(session);
    } catch (error) {
      if (session !== this.#firstSession) throw error;
      // Calls in flight may fail together: the first one moves the model.
      this.#move ??= this.#moveFrom(session, error);
      await this.#move;
      return call(this.#session);
    }
  }

  async #moveFrom(session: EngineSession, error: unknown): Promise<void> {
    try {
      const fallback = await this.#openFallback(error);
      fallback.writeParameters(await session.readParameters());
      fallback.writeOptimizer(await session.readOptimizer());
      fallback.states.restore(session.states.serialize());
      this.#session = fallback;
      await session.close();
    } catch (failure) {
      this.#move = undefined;
      throw failure;
    }
  }
}
