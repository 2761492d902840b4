import { once } from "node:events";
import { createServer, Server, type ServerOptions } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server as TcpServer } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { parseOptions, RuntimeError } from "@dmrec/core";
import { createAdaptorServer } from "@hono/node-server";
import { createApp } from "./create-app";
import { ModelSlot } from "./model-slot";
import { ServiceMetrics } from "./service-metrics";
import type { ServiceModel } from "./service-model";
import { type ServiceOptions, serviceOptionsSchema } from "./service-options";

export interface ListenOptions {
  /** 0 chooses a free port. @default 3000 */
  readonly port?: number;
  /** The address to listen on. @default "127.0.0.1", which only this machine reaches */
  readonly host?: string;
}

/** A service that listens. */
export interface Service extends AsyncDisposable {
  /** The address of the service, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Gives new requests another model. Resolves when the last request to the one before is answered and its recommender is closed,
   * which is left open if the new model has the same one.
   *
   * @throws UnsupportedError after a stop; the given model is closed.
   */
  swap(model: ServiceModel): Promise<void>;
  /**
   * Stops gracefully: no new connections, answers to all that was asked, then frees the model. Connections that are still open
   * after `timeoutSeconds` are cut. Stopping twice does nothing.
   */
  stop(): Promise<void>;
}

/** Milliseconds for the requests that were on their way when a stop began. */
const lastRequests = 500;
/** Turns of the event loop in which connections are accepted before the service stops to listen. */
const turnsOfAccepting = 64;

/**
 * Serves a model over HTTP: `POST /recommend`, `POST /recommend/batch`, `GET /health`, `/metrics` and `/openapi.json`. The
 * service owns the model and closes it.
 *
 * @throws InvalidOptionsError
 * @throws RuntimeError if it cannot listen, for example because another program does.
 * @example
 * const recommender = await loadRecommender("model.onnx");
 * await using service = await startService({ recommender }, { port: 3000 });
 */
export async function startService(
  model: ServiceModel,
  { port = 3000, host = "127.0.0.1", ...options }: ServiceOptions & ListenOptions = {},
): Promise<Service> {
  const settings = parseOptions("startService", serviceOptionsSchema, options);
  let isStopping = false;
  let arrivals = 0;
  const metrics: ServiceMetrics = new ServiceMetrics(() => slot.waiting);
  const slot = new ModelSlot(model, {
    maxWaiting: settings.maxWaiting,
    arrivals: () => arrivals,
    onBatch: (users) => metrics.batches.observe(users),
  });
  const app = createApp({ slot, metrics, settings, isStopping: () => isStopping });
  const server = listeningServer(app.fetch, settings.timeoutSeconds);
  for (const event of ["connection", "request"])
    server.on(event, () => {
      arrivals += 1;
    });
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    await slot.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError(`cannot listen on port ${port} of ${host} (${reason}); choose another`, { cause });
  }
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await closeGracefully(server, settings.timeoutSeconds, () => {
      isStopping = true;
    });
    await slot.close();
    metrics.registry.clear();
  };
  const service = {
    url: urlOf(server),
    async swap(next: ServiceModel) {
      await slot.swap(next);
      metrics.swaps.inc();
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
  return { ...service, [Symbol.asyncDispose]: service.stop };
}

function listeningServer(fetch: (request: Request) => Response | Promise<Response>, seconds: number): Server {
  const serverOptions: ServerOptions = {
    requestTimeout: seconds * 1000,
    headersTimeout: seconds * 1000,
    connectionsCheckingInterval: Math.min(1000, seconds * 250),
  };
  const server = createAdaptorServer({ fetch, createServer, serverOptions });
  if (!(server instanceof Server)) throw new RuntimeError("the HTTP server is of another kind than Node's");
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) =>
    refuseConnection(error, socket, seconds),
  );
  return server;
}

/** Answers what is no request, or one that did not arrive in time. */
function refuseConnection({ code }: NodeJS.ErrnoException, socket: Socket, seconds: number): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, error] =
    code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ["408 Request Timeout", `the request did not arrive within ${seconds} seconds`]
      : code === "HPE_HEADER_OVERFLOW"
        ? ["431 Request Header Fields Too Large", "the headers are too large"]
        : ["400 Bad Request", "this is no HTTP request"];
  const body = JSON.stringify({ error });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Accepts what has come so far, stops listening, and leaves open connections open for a moment: Node's own `close` would cut
 * those on which a request is on its way.
 *
 * @param seconds The time for open connections to end. A client that does not send or read would keep one for ever.
 * @param onDeaf Called when it no longer listens. From then on every answer closes its connection; before, its client would
 *   connect again.
 */
async function closeGracefully(server: Server, seconds: number, onDeaf: () => void): Promise<void> {
  // A connection that was not accepted would be reset. A turn of the event loop accepts some.
  for (let turn = 0; turn < turnsOfAccepting; turn += 1) await setImmediate();
  const closed = once(server, "close");
  TcpServer.prototype.close.call(server);
  onDeaf();
  await within(lastRequests, closed);
  server.close();
  await within(seconds * 1000, closed);
  server.closeAllConnections();
  await closed;
}

/** Waits for something, but no longer than some milliseconds. */
async function within(milliseconds: number, event: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(milliseconds, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([event, timer]);
  over.abort();
}

function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new RuntimeError("the service has no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
