/** What runs a model's steps, and why it was chosen: for people and run manifests. */
export interface EngineReport {
  /** `compiled` or `eager`. */
  readonly name: string;
  readonly backend: string;
  readonly reason: string;
}
