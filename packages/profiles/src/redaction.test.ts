import { afterEach, describe, expect, it, vi } from "vitest";
import { redact, withoutKeys } from "./redaction";

afterEach(() => vi.unstubAllEnvs());

describe("redact", () => {
  it.each([
    ["Incorrect API key provided: sk-proj-abcdefghij0123456789. See", /key provided: \[redacted\]\. See/],
    ["Authorization: Bearer abc.def-ghi123", /^Authorization: \[redacted\]|^Authorization \[redacted\]/i],
    ['{"api_key":"0123456789abcdef","n":1}', /"n":1/],
    ["?access_token=0123456789abcdef&x=1", /x=1/],
    ["fetch failed: https://me:abcdefgh@example.org/v1", /@example\.org/],
    ["GET /v1/models?sig=abcdef&x=1", /x=1/],
  ])("takes the key out of %j", (message, rest) => {
    const redacted = redact(message);
    expect(redacted).toMatch(rest);
    expect(redacted).not.toMatch(/abcdef/);
  });

  it("knows the secrets of the environment and those it is given", () => {
    vi.stubEnv("MY_API_KEY", "from-the-environment");
    expect(redact("x from-the-environment, given", ["given"])).toBe("x [redacted], [redacted]");
  });

  it("leaves texts about secrets and passwords alone", () => {
    const text = '{"summary":"The secret: everything. Password: swordfish", "secret": 1234567}';
    expect(withoutKeys(text)).toBe(text);
  });
});
