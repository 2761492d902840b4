import { getConnInfo } from "@hono/node-server/conninfo";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { Refusal } from "./refusal";
import type { ServiceSettings } from "./service-options";

/** Refuses a client that asks more often. */
export function limitRequests(requestsPerSecond: number): MiddlewareHandler {
  const limiter = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
  return async (context, next) => {
    const { address = "unknown" } = getConnInfo(context).remote;
    await limiter.consume(address).catch(() => {
      throw new Refusal(429, `more than ${requestsPerSecond} requests in a second; try again in a second`);
    });
    await next();
  };
}

/**
 * Answers a request with status 503 if its work takes longer than `seconds`, and aborts the work. A run of the model that has
 * begun goes on to its end.
 */
export function withDeadline<Result>(
  work: (abortSignal: AbortSignal) => Promise<Result>,
  seconds: number,
): Promise<Result> {
  const deadline = new AbortController();
  return new Promise((resolve, reject) => {
    const working = work(deadline.signal);
    const timer = setTimeout(() => {
      const late = new Refusal(503, `no answer within ${seconds} seconds; try again`);
      deadline.abort(late);
      reject(late);
    }, seconds * 1000);
    working.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Refuses a body that is too large. */
export function limitBody(settings: ServiceSettings): MiddlewareHandler {
  const { maxBodyBytes } = settings;
  const counted = bodyLimit({ maxSize: maxBodyBytes, onError: () => tooLarge(settings) });
  return async (context, next) => {
    const length = context.req.header("Content-Length");
    // Node.js reads no more than the length says. Counting makes a stream of the body, which takes longer than the model.
    if (length === undefined || context.req.header("Transfer-Encoding") !== undefined)
      return counted(context, next);
    if (Number(length) > maxBodyBytes) tooLarge(settings);
    return next();
  };
}

function tooLarge({ maxBodyBytes }: ServiceSettings): never {
  throw new Refusal(413, `the body is larger than ${maxBodyBytes} bytes; ask for fewer users at a time`);
}
