import type { PromptDomain } from "../prompts/prompt-template";
import type { RunOptions } from "../run/run-options";

/** The options of a run in which a language model answers with numbers of items. Its calls come from this process. */
export interface ListRunOptions extends Omit<RunOptions, "template" | "schema" | "queue"> {
  /**
   * The words of the instructions for the items.
   *
   * @default "neutral"
   */
  readonly domain?: PromptDomain;
}
