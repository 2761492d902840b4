import { checkOptions } from "@dmrec/core";
import { createRoute, OpenAPIHono, type z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import packageJson from "../package.json" with { type: "json" };
import { answer } from "./answer";
import { limitBody, limitRequests, withDeadline } from "./limits";
import type { ModelInUse, ModelSlot } from "./model-slot";
import { pageFiles } from "./page-files";
import { malformed, refusalOf, withPlace } from "./refusal-of";
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
  const app = new OpenAPIHono();
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
  if (settings.requestsPerSecond !== undefined)
    app.use("/recommend/*", limitRequests(settings.requestsPerSecond));
  app.use("/recommend/*", limitBody(settings));
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
    (result) => refuseMalformed(request, result),
  );
  app.openapi(
    recommendRoute("/recommend/batch", "The best items for each of many", batch, answersSchema),
    async (context) => {
      const { requests } = context.req.valid("json");
      const { model, results } = await inTime(async (inUse, abortSignal) => ({
        model: inUse.model.recommender.name,
        results: await Promise.all(
          requests.map(async (asked, index) => ({
            items: await withPlace(`requests.${index}`, answer(inUse, asked, abortSignal)),
          })),
        ),
      }));
      return context.json({ model, results }, 200);
    },
    (result) => refuseMalformed(batch, result),
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

/** Refuses a body whose form is wrong, in the sentences of this project instead of those of the library that checked it. */
function refuseMalformed(
  schema: z.ZodType,
  { success, data }: { readonly success: boolean; readonly data?: unknown },
): undefined {
  if (success) return;
  const checked = checkOptions(schema, data);
  if (!checked.success) throw malformed(checked.issues);
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
