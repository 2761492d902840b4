import { z } from "zod";
import type { PromptDomain } from "../prompts/prompt-template";
import type { RunOptions } from "./run-options";

/** The schema of the options that {@link DomainRunOptions} adds to a run, or that such a run completes. */
export const domainRunSchema = z.strictObject({
  domain: z.enum(["neutral", "books", "places", "games", "films", "music"]).default("neutral"),
  collection: z.string().min(1).default("default"),
});

/** The options of a run with instructions and a schema of its own, of which the domain sets the words. */
export interface DomainRunOptions extends Omit<RunOptions, "template" | "schema"> {
  /**
   * The domain of the items.
   *
   * @default "neutral"
   */
  readonly domain?: PromptDomain | undefined;
}
