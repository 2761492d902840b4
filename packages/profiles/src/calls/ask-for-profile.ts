import type { LanguageModel } from "ai";
import type { ProfileSchema } from "../profile";
import { redact } from "../redaction";
import type { ProfileRecord, TokenUsage } from "../store/profile-record";
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
  /** Absent where another process pays, as for workers of a queue. */
  readonly budget?: Budget | undefined;
  /** Told of every call's end. */
  readonly onCall?: ((usage: TokenUsage | undefined) => void) | undefined;
}

/** A cut reply is asked for once more with so many times the tokens. */
const raise = 2;

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
    const read = readReply(reply.text, schema);
    if (read.ok) {
      return {
        profile: read.profile,
        rawReply: redact(reply.text, secrets),
        model: request.model,
        usage,
        calls,
        seconds: (performance.now() - started) / 1000,
        time: new Date().toISOString(),
      };
    }
    if (reply.refusal || reply.finishReason === "content-filter") {
      const said = redact(reply.refusal ?? reply.text, secrets).slice(0, 200);
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
    problem = read.problem;
    correction = `\n\nA reply before could not be used. ${problem} Answer with the JSON object alone.`;
  }
  const message = `No reply of ${calls} could be used. The last: ${redact(problem, secrets)}`;
  throw new ModelCallError("unreadable", message);
}

function call(request: ProfileRequest, options: AskOptions): Promise<ModelReply> {
  const { model, schema, budget, onCall } = options;
  const { system, prompt, parameters } = request;
  const tokens = estimateTokens(system, prompt) + parameters.maximumOutputTokens;
  // The schema travels with the request a second time, as the form of structured output.
  const most = {
    inputTokens: 2 * mostTokens(system) + mostTokens(prompt),
    outputTokens: parameters.maximumOutputTokens,
  };
  const attempt = async (signal: AbortSignal) => {
    const send = async () => {
      const reply = await callLanguageModel(model, request, schema, parameters, signal);
      onCall?.(reply.usage);
      return { result: reply, usage: reply.usage };
    };
    return budget ? budget.pay(most, send) : (await send()).result;
  };
  return withRetries(attempt, { ...options, tokens });
}
