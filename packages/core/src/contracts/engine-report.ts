/** The engine that runs a model's steps, and the reason of its choice: for people and run manifests. */
export interface EngineReport {
  /** `compiled` or `eager`. */
  readonly name: string;
  readonly backend: string;
  readonly reason: string;
}
