import { InvalidDataError, InvalidOptionsError, UnsupportedError } from "@dmrec/core";
import { getConnInfo } from "@hono/node-server/conninfo";
import { createRoute, OpenAPIHono, type z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { RateLimiterMemory } from "rate-limiter-flexible";
import packageJson from "../package.json" with { type: "json" };
import { answer } from "./answer";
import type { ModelInUse, ModelSlot } from "./model-slot";
import { pageFiles } from "./page-files";
import { Refusal } from "./refusal";
import { answerSchema, answersSchema, healthSchema, refusalSchema, requestSchemas } from "./schemas";
import type { ServiceMetrics } from "./service-metrics";
import type { ServiceSettings } from "./service-options";

export interface AppParts {
  readonly slot: ModelSlot;
  readonly metrics: ServiceMetrics;
  readonly settings: ServiceSettings;
  /** True from the beginning of a stop on. */
  readonly isStopping: () => boolean;
}

/** The routes of a service with their limits. Every refusal is JSON with one sentence as `error`. */
export function createApp({ slot, metrics, settings, isStopping }: AppParts): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook(result) {
      if (!result.success) throw new Refusal(400, sentence(result.error.issues.map(flat)));
    },
  });
  app.onError((error, context) => {
    const { status, message } = refusalOf(error, settings.onError);
    if (status === 429 || status === 503) context.header("Retry-After", "1");
    return context.json({ error: message }, status);
  });
  app.notFound(({ req, json }) =>
    json({ error: `no ${req.method} ${req.path}; GET /openapi.json lists what there is` }, 404),
  );
  app.use(measured(metrics));
  app.use(async (context, next) => {
    await next();
    // The client opens another connection, to another process.
    if (isStopping()) context.header("Connection", "close");
  });
  if (settings.requestsPerSecond !== undefined) app.use("/recommend/*", limited(settings.requestsPerSecond));
  app.use("/recommend/*", bounded(settings));
  const inTime = <Result>(run: (model: ModelInUse, abortSignal: AbortSignal) => Promise<Result>) =>
    withDeadline(
      (abortSignal) => slot.current.use((model) => run(model, abortSignal)),
      settings.timeoutSeconds,
    );

  const { request, batch } = requestSchemas(settings);
  app.openapi(
    recommendRoute("/recommend", "The best items for someone", request, answerSchema),
    async (context) => {
      const asked = context.req.valid("json");
      const { model, items } = await inTime(async (inUse, abortSignal) => ({
        model: inUse.model.recommender.name,
        items: await answer(inUse, asked, abortSignal),
      }));
      return context.json({ model, items }, 200);
    },
  );
  app.openapi(
    recommendRoute("/recommend/batch", "The best items for each of many", batch, answersSchema),
    async (context) => {
      const { requests } = context.req.valid("json");
      const { model, results } = await inTime(async (inUse, abortSignal) => ({
        model: inUse.model.recommender.name,
        results: await Promise.all(
          requests.map(async (asked, index) => ({
            items: await named(`requests.${index}`, answer(inUse, asked, abortSignal)),
          })),
        ),
      }));
      return context.json({ model, results }, 200);
    },
  );
  app.openapi(healthRoute, (context) => {
    const { model, batcher } = slot.current;
    const { recommender, findUser, embedText } = model;
    const status = isStopping() ? "stopping" : batcher.isFailing ? "failing" : "ok";
    const health: z.output<typeof healthSchema> = {
      status,
      model: recommender.name,
      items: recommender.itemIds.length,
      answersUsers: findUser !== undefined,
      answersTexts: embedText !== undefined,
      columns: Object.fromEntries(
        Object.entries(recommender.itemColumns).map(([name, { kind }]) => [name, kind]),
      ),
    };
    return context.json(health, status === "ok" ? 200 : 503);
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType }),
  );
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "DMRec recommendations", version: packageJson.version },
  });
  app.get(
    "/*",
    pageFiles(() => slot.current.model.page),
  );
  return app;
}

function recommendRoute<Path extends string, Request extends z.ZodType, Answer extends z.ZodType>(
  path: Path,
  summary: string,
  request: Request,
  schema: Answer,
) {
  return createRoute({
    method: "post",
    path,
    summary,
    request: { body: { required: true, content: { "application/json": { schema: request } } } },
    responses: {
      200: { description: "Items, best first", content: { "application/json": { schema } } },
      ...refusals({
        400: "The body is no JSON, or has another form",
        404: "The user is unknown",
        408: "The request did not arrive in time",
        413: "The body is too large",
        415: "The body is of another type than JSON",
        422: "An item or a column is unknown, or the request does not fit the model",
        429: "The client asks too often",
        503: "Too much to do, or no answer in time",
      }),
    },
  });
}

function refusals<Status extends number>(descriptions: Readonly<Record<Status, string>>) {
  const content = { "application/json": { schema: refusalSchema } };
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content }]),
  );
}

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  summary: "The state of the service and its model",
  responses: {
    200: { description: "It answers", content: { "application/json": { schema: healthSchema } } },
    503: {
      description: "It is stopping, or its model fails",
      content: { "application/json": { schema: healthSchema } },
    },
  },
});

/** Counts requests and their time. Unknown paths count as one, because a client could invent any number. */
function measured(metrics: ServiceMetrics): MiddlewareHandler {
  const known = new Set(["/recommend", "/recommend/batch", "/health", "/metrics", "/openapi.json"]);
  return async (context, next) => {
    const path = known.has(context.req.path) ? context.req.path : "other";
    const stop = metrics.seconds.startTimer({ path });
    await next();
    stop();
    metrics.requests.inc({ path, status: context.res.status });
  };
}

function limited(requestsPerSecond: number): MiddlewareHandler {
  const limiter = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
  return async (context, next) => {
    const { address = "unknown" } = getConnInfo(context).remote;
    await limiter.consume(address).catch(() => {
      throw new Refusal(429, `more than ${requestsPerSecond} requests in a second; try again in a second`);
    });
    await next();
  };
}

/** Refuses what takes longer than some seconds, and asks the work to stop. A run of the model that has begun goes on. */
function withDeadline<Result>(
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
function bounded(settings: ServiceSettings): MiddlewareHandler {
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

/** Puts the place of a request among others before what is wrong with it. */
async function named<Result>(place: string, answered: Promise<Result>): Promise<Result> {
  return answered.catch((cause: unknown) => {
    const refusal = refusalOf(cause);
    if (refusal.status >= 500) throw cause;
    throw new Refusal(refusal.status, `${place}: ${refusal.message}`);
  });
}

/** The refusal of an error. What a client cannot know of is reported to `onError`. */
function refusalOf(error: unknown, onError: (error: unknown) => void = () => {}): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return new Refusal(415, "expected the header Content-Type: application/json");
    if (error.status === 400) return new Refusal(400, "the body is no JSON");
    return new Refusal(error.status, error.message);
  }
  if (InvalidOptionsError.isInstance(error)) return new Refusal(422, sentence(error.issues));
  if (InvalidDataError.isInstance(error) || UnsupportedError.isInstance(error))
    return new Refusal(422, error.message);
  onError(error);
  return new Refusal(500, "the service failed; its log says why");
}

/** An issue with its path as one text. */
function flat({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }) {
  return { path: path.map(String).join("."), message };
}

/** The first problems of a request in one sentence. */
function sentence(issues: readonly { readonly path: string; readonly message: string }[]): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
}
