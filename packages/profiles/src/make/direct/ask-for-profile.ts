import type { LanguageModel } from "ai";
import type { Budget } from "../../calls/budget";
import { callLanguageModel, type ModelReply } from "../../calls/language-model-call";
import { ModelCallError } from "../../calls/model-call-error";
import { estimateTokens } from "../../calls/token-counts";
import { addUsage, noUsage, type TokenUsage } from "../../calls/token-usage";
import { type RetryOptions, withRetries } from "../../calls/with-retries";
import type { ProfileSchema } from "../../profile";
import type { ProfileRecord } from "../../profile-record";
import { escapedJson } from "../../prompts/data-block";
import { redact, withoutKeys } from "../../redaction";
import type { ProfileRequest } from "../profile-request";
import { maximumProblem, mostUsage, raise } from "../request-allowance";
import { readReply } from "./read-reply";

export interface AskOptions extends Omit<RetryOptions, "tokens"> {
  readonly model: LanguageModel;
  readonly schema: ProfileSchema;
  /** The most further calls after replies that do not fit. */
  readonly maxReasks: number;
  readonly budget: Budget;
  /** Called after answered calls with their number and the tokens that the service reports. */
  readonly onCalls: (calls: number, usage: TokenUsage) => void;
}

/**
 * Calls a model until its reply fits, within bounds. Repeats the call with more tokens after a truncated reply, and with a
 * description of the fault after one that does not fit.
 *
 * @throws ModelCallError
 */
export async function askForProfile(request: ProfileRequest, options: AskOptions): Promise<ProfileRecord> {
  const { schema, maxReasks, secrets } = options;
  const started = performance.now();
  let usage = noUsage;
  let parameters = request.parameters;
  let correction = "";
  let problem = "";
  let isRaised = false;
  let calls = 0;
  for (let reasks = 0; reasks <= maxReasks; ) {
    const reply = await call({ ...request, parameters, prompt: request.prompt + correction }, options);
    calls += 1;
    usage = addUsage(usage, reply.usage ?? noUsage);
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
      const explanation = redact(reply.refusal ?? text, secrets).slice(0, 200);
      const message = `The model declined to answer${explanation ? `: ${explanation}` : ""}`;
      throw new ModelCallError("refused", message);
    }
    if (reply.finishReason === "length") {
      const { maxOutputTokens } = parameters;
      if (isRaised) {
        const message = `The reply was cut at ${maxOutputTokens} tokens; raise maxOutputTokens`;
        throw new ModelCallError("truncated", message);
      }
      isRaised = true;
      parameters = { ...parameters, maxOutputTokens: maxOutputTokens * raise };
      continue;
    }
    reasks += 1;
    problem = read.problem.slice(0, maximumProblem);
    // Escaped, because it may quote the reply, and the reply the data.
    correction = `\n\nA reply before could not be used, for this reason: ${escapedJson(problem)}. Answer with the JSON object alone.`;
  }
  const message = `No reply of ${calls} could be used. The last: ${redact(problem, secrets)}`;
  throw new ModelCallError("unreadable", message);
}

function call(request: ProfileRequest, options: AskOptions): Promise<ModelReply> {
  const { model, schema, budget, onCalls } = options;
  const { system, prompt, parameters } = request;
  const tokens = estimateTokens(system, prompt) + parameters.maxOutputTokens;
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
