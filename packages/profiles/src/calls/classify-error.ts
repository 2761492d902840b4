import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  LoadAPIKeyError,
  LoadSettingError,
  NoSuchModelError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { DMRecError } from "@dmrec/core";
import { z } from "zod";
import { redact } from "../redaction";
import { ModelCallError, type ModelCallFailure } from "./model-call-error";

/** The decision about an error of a call: give up with a reason, or retry after the time that the service asks for. */
export type Verdict =
  | { readonly retry: false; readonly error: DMRecError }
  | { readonly retry: true; readonly error: ModelCallError; readonly afterMs: number | undefined };

/** Words about an account without credit. Services also mention "quota" and "billing" if calls are merely too fast. */
const creditWords = /insufficient_quota|billing_hard_limit|billing_not_active|credit balance is too low/i;
const quotaWords = /exceeded your current quota/i;
/** Words about the content of one prompt, by services that check it before the model does. */
const flaggedWords =
  /moderation|input was flagged|content[_ ](?:filter|policy)|ResponsibleAIPolicyViolation/i;
/** The longest wait that is waited for; longer ones are a quota of hours or days. */
const longestWaitMs = 15 * 60_000;
const maximumMessageLength = 300;

export function classifyError(error: unknown, secrets: readonly string[], now = Date.now()): Verdict {
  // An error of a local model, for example: a retry would fail the same way.
  if (DMRecError.isInstance(error)) return { retry: false, error };
  const final = (reason: ModelCallFailure, what: string): Verdict => ({
    retry: false,
    error: new ModelCallError(reason, describe(what, error, secrets), statusOf(error)),
  });
  if (isUnequipped(error)) return final("credentials", "The provider lacks a key or another setting");
  if (NoSuchModelError.isInstance(error)) return final("model", "The provider does not know the model");
  if (isInvalidRequest(error)) return final("rejected", "The call cannot be made");
  const status = statusOf(error);
  if (status === undefined) return unanswered(error, secrets);
  const { responseHeaders = {}, responseBody = "" } = answerOf(error) ?? {};
  const text = `${messageOf(error)} ${responseBody}`;
  const afterMs = retryAfterMs(responseHeaders, now) ?? delayInBody(responseBody);
  const isRefusal = status >= 400 && status < 500;
  const isOutOfCredit = creditWords.test(text) || (quotaWords.test(text) && afterMs === undefined);
  if (status === 402 || (isRefusal && isOutOfCredit))
    return final("quota", "The service's quota or credit is used up");
  if (afterMs !== undefined && afterMs > longestWaitMs)
    return final("quota", `The service asks to wait ${Math.ceil(afterMs / 60_000)} minutes`);
  if ((status === 400 || status === 403) && flaggedWords.test(text))
    return final("refused", "The service declines what the prompt holds");
  if (status === 401 || status === 403) return final("credentials", "The service refuses the key");
  if (status === 404) return final("model", "The service does not know the model or the address");
  const isTemporary = status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
  // An answer with status 200 whose body broke off is worth another try.
  if (!isTemporary && status >= 400) return final("rejected", "The service refuses the request");
  const what = status < 400 ? "The service's answer could not be read" : "The service is not available";
  return {
    retry: true,
    error: new ModelCallError("unavailable", describe(what, error, secrets), status),
    afterMs,
  };
}

/** True for calls that were never sent or that the service answered with an error, which cost nothing. */
export function isUnpaid(error: unknown): boolean {
  const isUnsent = isUnequipped(error) || NoSuchModelError.isInstance(error) || isInvalidRequest(error);
  return isUnsent || isUnconnected(error) || (statusOf(error) ?? 0) >= 400;
}

/** The error codes of Node.js for a service that was never reached. */
const unconnected = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

function isUnconnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && unconnected.some((code) => code === error.code)) || isUnconnected(error.cause);
}

function isUnequipped(error: unknown): boolean {
  return LoadAPIKeyError.isInstance(error) || LoadSettingError.isInstance(error);
}

/** Errors of the AI SDK about the request itself, before it is sent. */
function isInvalidRequest(error: unknown): boolean {
  return (
    InvalidArgumentError.isInstance(error) ||
    InvalidPromptError.isInstance(error) ||
    UnsupportedFunctionalityError.isInstance(error)
  );
}

/** The service's answer: that of the error, or of its cause if a gateway wraps it. */
function answerOf(error: unknown): APICallError | undefined {
  if (APICallError.isInstance(error)) return error;
  return error instanceof Error && APICallError.isInstance(error.cause) ? error.cause : undefined;
}

const answeredSchema = z.object({ statusCode: z.number() });

function statusOf(error: unknown): number | undefined {
  return answeredSchema.safeParse(error).data?.statusCode ?? answerOf(error)?.statusCode;
}

/** All lines of a message, because the words that decide may be in a later one than `causeMessage` returns. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The verdict without a status: the connection failed or broke, time ran out, or the answer made no sense. */
function unanswered(error: unknown, secrets: readonly string[]): Verdict {
  const isTimeout = error instanceof Error && error.name === "TimeoutError";
  const what = isTimeout ? "The service did not answer in time" : "The service gave no usable answer";
  const failure = new ModelCallError("unavailable", describe(what, error, secrets));
  return { retry: true, error: failure, afterMs: undefined };
}

/** A message without keys. The error is not kept as a cause, because its request and answer may contain a key. */
function describe(what: string, error: unknown, secrets: readonly string[]): string {
  const detail = redact(messageOf(error), secrets).replace(/\s+/g, " ").slice(0, maximumMessageLength);
  const status = statusOf(error);
  return `${what}${status === undefined ? "" : ` (status ${status})`}: ${detail}`;
}

/** The wait that a service asks for: `retry-after-ms`, or `retry-after` in seconds or as a date, by the service's own clock if it sends it. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const after = headers["retry-after"];
  if (after === undefined) return undefined;
  const seconds = Number(after);
  const clock = Date.parse(headers.date ?? "");
  const present = Number.isNaN(clock) ? now : clock;
  const wait = after.trim() !== "" && seconds >= 0 ? seconds * 1000 : Date.parse(after) - present;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The wait in a body, as Google's services write it: `"retryDelay": "12.5s"`. */
function delayInBody(body: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"([\d.]+)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
