import { InvalidDataError } from "@dmrec/core";
import { APICallError, InvalidPromptError, LoadAPIKeyError, NoSuchModelError } from "ai";
import { describe, expect, it } from "vitest";
import { classifyError, isUnpaid, retryAfterMs } from "./classify-error";

const answered = (statusCode: number, responseBody: string, responseHeaders = {}) =>
  new APICallError({
    message: "failed",
    url: "http://localhost/v1",
    requestBodyValues: {},
    statusCode,
    responseBody,
    responseHeaders,
  });

describe("classifyError", () => {
  it.each([
    // As OpenAI, Google and Anthropic answer.
    [429, '{"error":{"message":"Rate limit reached … add a payment method at …/account/billing"}}', true],
    [429, '{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}', false],
    [429, '{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"12.5s"}]}}', true],
    [429, '{"error":{"message":"You exceeded your current quota, check your plan"}}', false],
    [400, '{"error":{"message":"Your credit balance is too low to access the API"}}', false],
    [529, '{"error":{"type":"overloaded_error"}}', true],
    [408, "", true],
    [422, "", false],
  ])("of status %i and %s tries again: %s", (status, body, retry) => {
    expect(classifyError(answered(status, body), []).retry).toBe(retry);
  });

  it("takes the wait from a body too", () => {
    const verdict = classifyError(answered(429, '{"retryDelay": "12.5s"}'), []);
    expect(verdict).toMatchObject({ retry: true, afterMs: 12_500 });
  });

  it.each([
    [new LoadAPIKeyError({ message: "no key" }), "credentials"],
    [new NoSuchModelError({ modelId: "x", modelType: "languageModel" }), "model"],
    [new InvalidPromptError({ prompt: {}, message: "no messages" }), "rejected"],
    // As gateways answer: an error of their own kind around the service's.
    [
      Object.assign(new Error("unauthenticated"), { statusCode: 401, cause: answered(401, "") }),
      "credentials",
    ],
    // One prompt, not the account.
    [
      answered(403, '{"error":{"message":"Your input was flagged","metadata":{"reasons":["violence"]}}}'),
      "refused",
    ],
    [answered(400, '{"error":{"code":"content_filter","message":"The prompt was filtered"}}'), "refused"],
    [answered(403, '{"error":{"message":"This key may not use the model"}}'), "credentials"],
    [answered(403, '{"error":{"message":"Your account has been flagged"}}'), "credentials"],
  ])("%s is final and costs nothing: %s", (error, reason) => {
    expect(classifyError(error, [])).toMatchObject({ retry: false, error: { reason } });
    expect(isUnpaid(error)).toBe(true);
  });

  it.each([answered(200, "{"), new TypeError("terminated"), new DOMException("", "TimeoutError")])(
    "%s may have been paid",
    (error) => expect(isUnpaid(error)).toBe(false),
  );

  it("takes the wait that a gateway passes on", () => {
    const cause = answered(429, "", { "retry-after": "3" });
    const verdict = classifyError(Object.assign(new Error("busy"), { statusCode: 429, cause }), []);
    expect(verdict).toMatchObject({ retry: true, afterMs: 3000 });
  });

  it("leaves an error of this project as it is, for a further call would end the same", () => {
    const error = new InvalidDataError({ source: "local-1", actual: "an input", expected: "another" });
    expect(classifyError(error, [])).toEqual({ retry: false, error });
  });

  it("keeps nothing of the request or the answer but the message, in short", () => {
    const { error } = classifyError(answered(500, "x".repeat(10_000)), []);
    expect(error.cause).toBeUndefined();
    expect(error.message.length).toBeLessThan(400);
  });
});

describe("retryAfterMs", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  it.each([
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    [{ "retry-after": "Thu, 01 Jan 2026 09:00:30 GMT", date: "Thu, 01 Jan 2026 09:00:00 GMT" }, 30_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{}, undefined],
  ])("reads %j", (headers, wait) => {
    expect(retryAfterMs(headers, now)).toBe(wait);
  });
});
