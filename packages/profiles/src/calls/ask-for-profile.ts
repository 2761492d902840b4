import type { LanguageModel } from "ai";
import type { ProfileSchema } from "../profile";
import { escapedJson } from "../prompts/data-block";
import { redact, withoutKeys } from "../redaction";
import { noUsage, type ProfileRecord, type TokenUsage } from "../store/profile-record";
import type { Budget } from "./budget";
import { callLanguageModel, type ModelReply } from "./language-model-call";
import { ModelCallError } from "./model-call-error";
import type { ProfileRequest } from "./profile-request";
import { readReply } from "./read-reply";
import { estimateTokens, mostTokens } from "./token-counts";
import { type RetryOptions, withRetries } from "./with-retries";

export interface AskOptions extends Omit<RetryOptions, "tokens"> {
  readonly model: LanguageModel;
  readonly schema: ProfileSchema;
  /** How often a model is asked again where its reply does not fit. */
  readonly maximumReasks: number;
  readonly budget: Budget;
  /** Told of calls that were answered, with the tokens they took as far as the service tells. */
  readonly onCalls: (calls: number, usage: TokenUsage) => void;
}

/** Characters of what was wrong that a model is told; it may quote the reply. */
export const maximumProblem = 500;
/** A cut reply is asked for once more with so many times the tokens. */
export const raise = 2;

/**
 * Asks a model for a profile until its reply fits, within bounds. A reply that was cut at the limit of tokens is asked for
 * again with more of them, one that does not fit with what was wrong with it.
 *
 * @throws ModelCallError
 */
export async function askForProfile(request: ProfileRequest, options: AskOptions): Promise<ProfileRecord> {
  const { schema, maximumReasks, secrets } = options;
  const started = performance.now();
  const usage = { inputTokens: 0, outputTokens: 0 };
  let parameters = request.parameters;
  let correction = "";
  let problem = "";
  let isRaised = false;
  let calls = 0;
  for (let reasks = 0; reasks <= maximumReasks; ) {
    const reply = await call({ ...request, parameters, prompt: request.prompt + correction }, options);
    calls += 1;
    usage.inputTokens += reply.usage?.inputTokens ?? 0;
    usage.outputTokens += reply.usage?.outputTokens ?? 0;
    const text = withoutKeys(reply.text, secrets);
    const read = readReply(text, schema);
    if (read.ok) {
      return {
        profile: read.profile,
        rawReply: text,
        model: request.model,
        usage,
        calls,
        seconds: (performance.now() - started) / 1000,
        time: new Date().toISOString(),
      };
    }
    if (reply.refusal || reply.finishReason === "content-filter") {
      const said = redact(reply.refusal ?? text, secrets).slice(0, 200);
      throw new ModelCallError("refused", `The model declined to answer${said ? `: ${said}` : ""}`);
    }
    if (reply.finishReason === "length") {
      const { maximumOutputTokens } = parameters;
      if (isRaised) {
        const message = `The reply was cut at ${maximumOutputTokens} tokens; raise maximumOutputTokens`;
        throw new ModelCallError("truncated", message);
      }
      isRaised = true;
      parameters = { ...parameters, maximumOutputTokens: maximumOutputTokens * raise };
      continue;
    }
    reasks += 1;
    problem = read.problem.slice(0, maximumProblem);
    // It may quote the reply, and that the data.
    correction = `\n\nA reply before could not be used, for this reason: ${escapedJson(problem)}. Answer with the JSON object alone.`;
  }
  const message = `No reply of ${calls} could be used. The last: ${redact(problem, secrets)}`;
  throw new ModelCallError("unreadable", message);
}

/** The most tokens that one call of a request may take. */
export function mostUsage({ system, prompt, parameters }: Omit<ProfileRequest, "key">): TokenUsage {
  return {
    // The schema travels with the request a second time, as the form of structured output.
    inputTokens: 2 * mostTokens(system) + mostTokens(prompt),
    outputTokens: parameters.maximumOutputTokens,
  };
}

function call(request: ProfileRequest, options: AskOptions): Promise<ModelReply> {
  const { model, schema, budget, onCalls } = options;
  const { system, prompt, parameters } = request;
  const tokens = estimateTokens(system, prompt) + parameters.maximumOutputTokens;
  return withRetries(
    (startTimeout) =>
      budget.pay(mostUsage(request), async () => {
        const reply = await callLanguageModel(model, request, schema, parameters, startTimeout());
        onCalls(1, reply.usage ?? noUsage);
        return reply;
      }),
    { ...options, tokens },
  );
}
