import { mostTokens } from "../calls/token-counts";
import type { TokenUsage } from "../calls/token-usage";
import type { ProfileRequest } from "./profile-request";

/** The most characters of the fault of a reply in the next prompt; it may quote the reply. */
export const maximumProblem = 500;
/** The factor of the tokens of a call that is repeated after a truncated reply. */
export const raise = 2;

/** The most tokens that one call of a request may take. */
export function mostUsage({ system, prompt, parameters }: Omit<ProfileRequest, "key">): TokenUsage {
  return {
    // The schema is sent twice: in words, and as the form of structured output.
    inputTokens: 2 * mostTokens(system) + mostTokens(prompt),
    outputTokens: parameters.maxOutputTokens,
  };
}

/** The most tokens that all calls of a request may take, if each is a repetition with the raised number of tokens. */
export function mostUsageOfAll(request: ProfileRequest, maxReasks: number): TokenUsage {
  const { inputTokens, outputTokens } = mostUsage(request);
  const calls = maxReasks + 2;
  // At most four bytes a character, and the words around the problem.
  const correction = 4 * maximumProblem + 100;
  return { inputTokens: calls * (inputTokens + correction), outputTokens: calls * raise * outputTokens };
}
