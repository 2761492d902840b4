import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { multVae } from "@dmrec/base-models";
import {
  InvalidOptionsError,
  type ItemColumns,
  type ItemFilter,
  loadOnnxRuntime,
  type OnnxRuntime,
  RuntimeError,
  UnsupportedError,
} from "@dmrec/core";
import { type LoadOptions, loadRecommender, type ServedRecommender } from "@dmrec/serving";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Service, type ServiceModel, type ServiceOptions, startService, threadedRuntime } from "./index";

const itemCount = 80;
const itemIds = Array.from({ length: itemCount }, (_, item) => `item-${item}`);
const itemNames = itemIds.map((_, item) => `Song ${item}`);
const itemColumns: ItemColumns = {
  styles: { kind: "texts", texts: ["Folk", "Jazz"], values: itemIds.map((_, item) => [item % 2]) },
  year: { kind: "numbers", values: itemIds.map((_, item) => 1960 + item) },
};

let directory: string;
let [first, second] = ["", ""];
let reference: ServedRecommender;
let service: Service;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-server-"));
  [first, second] = await Promise.all([exportModel(1), exportModel(2)]);
  reference = await loadRecommender(first);
  service = await start();
});
afterAll(async () => {
  await service.stop();
  await reference.close();
  await rm(directory, { recursive: true });
});

/** A model with random weights, which ranks as well as any for a test of the way to it. */
async function exportModel(seed: number): Promise<string> {
  const file = join(directory, `${seed}.onnx`);
  const trainer = await createTrainer();
  await using model = await trainer.open(
    multVae({ itemCount, hiddenDimension: 16, latentDimension: 8, seed }),
  );
  await model.export(file, { itemIds, itemNames, itemColumns, userIds: [] });
  return file;
}

async function serviceModel(file = first, options: LoadOptions = {}): Promise<ServiceModel> {
  return {
    recommender: await loadRecommender(file, options),
    findUser: (userId) =>
      userId === "ann"
        ? { audience: { interactions: ["item-1", "item-2"] }, exclude: ["item-3"] }
        : undefined,
  };
}

/** ONNX Runtime, with something around each of its runs. */
async function observedRuntime(around: (run: () => unknown) => unknown): Promise<OnnxRuntime> {
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const create: OnnxRuntime["InferenceSession"]["create"] = async (
    model: string | Uint8Array,
    ...rest: unknown[]
  ) => {
    const session = await Reflect.apply(InferenceSession.create, InferenceSession, [model, ...rest]);
    return new Proxy(session, {
      get: (target, key) => {
        const value = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const call = () => Reflect.apply(value, target, args);
          return key === "run" ? around(call) : call();
        };
      },
    });
  };
  return { InferenceSession: { create }, Tensor };
}

const start = async (options: ServiceOptions = {}) =>
  startService(await serviceModel(), { port: 0, ...options });

const post = (body: unknown, path = "/recommend", url = service.url) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const json = async (response: Response) => JSON.parse(await response.text());
const answer = async (response: Response) => {
  expect(response.status, await response.clone().text()).toBe(200);
  return json(response);
};
const withoutIndex = (list: readonly { itemId: string; name: string; score: number }[]) =>
  list.map(({ itemId, name, score }) => ({ itemId, name, score }));

describe("POST /recommend", () => {
  it("answers for items as the recommender does, with names, and leaves out what is excluded", async () => {
    const interactions = ["item-5", { itemId: "item-7", weight: 0.5 }];
    const asked = { interactions, exclude: ["item-9"], count: 5 };
    const { model, items } = await answer(await post(asked));
    expect(model).toBe("mult-vae");
    expect(items).toEqual(withoutIndex(await reference.recommend(asked)));
    expect(items[0].name).toBe(`Song ${items[0].itemId.slice(5)}`);
  });

  it("answers for a known user without their items", async () => {
    const { items } = await answer(await post({ userId: "ann", count: 80 }));
    const expected = await reference.recommend({
      interactions: ["item-1", "item-2"],
      exclude: ["item-3"],
      count: 80,
    });
    expect(items).toEqual(withoutIndex(expected));
    expect(items).toHaveLength(77);
  });

  it("leaves only items that meet a filter, and perhaps none", async () => {
    const filter = { styles: "jazz", year: { from: 1970, to: 1979 } };
    const { items } = await answer(await post({ userId: "ann", filter, exclude: ["item-13"], count: 80 }));
    const ids = items.map(({ itemId }: { itemId: string }) => itemId);
    expect(ids.toSorted()).toEqual(["item-11", "item-15", "item-17", "item-19"]);
    const all = await reference.recommend({ interactions: ["item-1", "item-2"], count: 80 });
    expect(ids).toEqual(all.map(({ itemId }) => itemId).filter((itemId) => ids.includes(itemId)));
    const none = await answer(await post({ userId: "ann", filter: { year: 2050 } }));
    expect(none.items).toEqual([]);
  });

  it.each([
    ["on this thread", async () => ({})],
    ["on its own thread", async () => ({ runtime: await threadedRuntime() })],
  ])("answers different filters that come together, with a model %s", async (_, options) => {
    await using busy = await startService(await serviceModel(first, await options()), { port: 0 });
    const asked = Array.from({ length: 60 }, (_, nth) => ({
      interactions: [`item-${nth}`],
      ...(nth % 3 > 0 && { filter: nth % 3 === 1 ? { styles: "Folk" } : { year: { from: 1960 + nth } } }),
      count: 4,
    }));
    const responses = await Promise.all(asked.map((request) => post(request, "/recommend", busy.url)));
    for (const [nth, response] of responses.entries())
      expect((await answer(response)).items).toEqual(withoutIndex(await reference.recommend(asked[nth])));
    const metrics = await (await fetch(`${busy.url}/metrics`)).text();
    const [, calls] = metrics.match(/dmrec_batch_users_count (\d+)/) ?? [];
    expect(Number(calls)).toBeLessThan(50);
  });

  it("names the items of the user that weigh most, by the fall of the score without each", async () => {
    const interactions = ["item-5", "item-7", "item-11"];
    const { items } = await answer(await post({ interactions, count: 4, reasons: 3 }));
    const all = await reference.score({ interactions });
    const without = async (id: string) =>
      reference.score({ interactions: interactions.filter((other) => other !== id) });
    let named = 0;
    for (const { itemId, reasons } of items) {
      const item = itemIds.indexOf(itemId);
      const falls = await Promise.all(
        interactions.map(async (id) => [id, all[item] - (await without(id))[item]] as const),
      );
      const expected = falls.filter(([, fall]) => fall > 0).sort(([, a], [, b]) => b - a);
      expect(reasons.map((reason: { itemId: string }) => reason.itemId)).toEqual(expected.map(([id]) => id));
      named += reasons.length;
    }
    expect(named).toBeGreaterThan(0);
    const { items: one } = await answer(await post({ userId: "ann", reasons: 1 }));
    for (const { reasons } of one) expect(reasons.length).toBeLessThanOrEqual(1);
  });

  it("answers many at once as it does one, and names the one that is wrong", async () => {
    const requests = [{ interactions: ["item-5"] }, { userId: "ann", count: 3 }, { interactions: [] }];
    const { results } = await answer(await post({ requests }, "/recommend/batch"));
    for (const [index, request] of requests.entries())
      expect(results[index].items).toEqual((await answer(await post(request))).items);
    const wrong = await post({ requests: [...requests, { userId: "bob" }] }, "/recommend/batch");
    expect(wrong.status).toBe(404);
    expect(await json(wrong)).toEqual({ error: 'requests.3: no user "bob"; expected a user of the data' });
  });

  it.each([
    ["{", 400, "the body is no JSON"],
    ['{"interactions":["item-1"],"count":NaN}', 400, "the body is no JSON"],
    ["", 400, "the body is no JSON"],
    ["[]", 400, "a list; expected an object"],
    [{}, 400, "expected userId, or interactions, text or both"],
    [{ userId: "ann", interactions: [] }, 400, "expected userId, or interactions, text or both"],
    [
      { interactions: ["item-1"], k: 5 },
      400,
      'unknown option "k"; expected one of userId, interactions, text, count, exclude, filter, reasons, popularityPenalty',
    ],
    [{ interactions: ["item-1"], count: 0 }, 400, "count: 0; expected a number above 0"],
    [{ interactions: ["item-1"], count: 1001 }, 400, "count: 1001; expected a number up to 1000"],
    [
      '{"interactions":[],"__proto__":{"count":3}}',
      400,
      /^unknown option "__proto__"; expected one of userId/,
    ],
    [
      { interactions: [{ itemId: "item-1", weight: -1 }] },
      400,
      "interactions.0.weight: -1; expected a number from 1e-12 up",
    ],
    ['{"interactions":[{"itemId":"item-1","weight":1e999}]}', 400, /^interactions\.0/],
    [{ interactions: [7] }, 400, /^interactions\.0: expected an item's identifier/],
    [{ interactions: ["item-99"] }, 422, /^interactions: item "item-99"; expected one of the items/],
    [{ interactions: [], exclude: ["item-99"] }, 422, /^exclude: item "item-99"/],
    [
      { interactions: [], filter: { style: "Jazz" } },
      422,
      'filter: no column "style"; expected one of styles (texts), year (numbers)',
    ],
    [{ interactions: [], filter: { styles: 3 } }, 422, /^filter\.styles: holds texts; expected a text or a/],
    [
      { interactions: [], filter: { year: { min: 3 } } },
      400,
      /^filter\.year: expected a text, a number, a li/,
    ],
    [{ interactions: [], filter: "Jazz" }, 400, 'filter: "Jazz"; expected an object'],
    [
      '{"interactions":[],"filter":{"__proto__":"Jazz"}}',
      400,
      'filter: no column "__proto__"; expected columns of the items',
    ],
    [{ userId: "bob" }, 404, 'no user "bob"; expected a user of the data'],
    [{ text: "slow music" }, 422, "this service embeds no texts; expected userId or interactions"],
    [{ text: " " }, 400, /^text: expected some words/],
  ])("refuses %j with %i and a sentence", async (body, status, message) => {
    const response = await post(body);
    const { error, ...rest } = await json(response);
    expect(error).toMatch(message);
    expect(error).not.toMatch(/\n|\bat /);
    expect(rest).toEqual({});
    expect(response.status).toBe(status);
  });

  it("refuses a body of another type, another path and a body of 100 MB, and goes on", async () => {
    const plain = await fetch(`${service.url}/recommend`, { method: "POST", body: "interactions=item-1" });
    expect([plain.status, (await json(plain)).error]).toEqual([
      415,
      "expected the header Content-Type: application/json",
    ]);
    const elsewhere = await fetch(`${service.url}/users`);
    expect([elsewhere.status, (await json(elsewhere)).error]).toEqual([
      404,
      "no GET /users; GET /openapi.json lists what there is",
    ]);
    expect(await postMegabytes(service.url, 100)).toMatch(/^(413|cut)$/);
    const long = await post(" ".repeat(2 ** 20 + 1));
    expect([long.status, (await json(long)).error]).toEqual([
      413,
      "the body is larger than 1048576 bytes; ask for fewer users at a time",
    ]);
    const { status } = await post({ interactions: ["item-1"] });
    expect(status).toBe(200);
  });
});

/** Sends a body of many megabytes without a length, and returns the status or that the connection was cut. */
function postMegabytes(url: string, megabytes: number): Promise<string> {
  return new Promise((resolve) => {
    const request = httpRequest(`${url}/recommend`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
    });
    request.on("response", (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    request.on("error", () => resolve("cut"));
    const piece = Buffer.alloc(2 ** 20, " ");
    let sent = 0;
    const send = () => {
      while (sent < megabytes) {
        sent += 1;
        if (!request.write(piece)) return request.once("drain", send);
      }
      return request.end();
    };
    send();
  });
}

describe("limits", () => {
  it("refuses a client that does not send its request in time", async () => {
    await using limited = await start({ timeoutSeconds: 0.3 });
    const socket = connect(Number(new URL(limited.url).port), "127.0.0.1");
    socket.write(
      "POST /recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
    );
    let text = "";
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toMatch(/\{"error":"the request did not arrive within 0\.3 seconds"\}$/);
  });

  it("refuses what is no HTTP", async () => {
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
    socket.write("hello\r\n\r\n");
    let text = "";
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*\{"error":"this is no HTTP request"\}$/);
  });

  it("refuses a client that asks too often, and says when to ask again", async () => {
    await using limited = await start({ requestsPerSecond: 3 });
    const statuses = [];
    for (let nth = 0; nth < 5; nth += 1) {
      const response = await post({ userId: "ann" }, "/recommend", limited.url);
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get("Retry-After")).toBe("1");
      await response.text();
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it("refuses more users than may wait, instead of collecting them without an end", async () => {
    await using limited = await start({ maxWaiting: 2 });
    const ask = (users: number) => {
      const requests = Array.from({ length: users }, () => ({ userId: "ann" }));
      return post({ requests }, "/recommend/batch", limited.url);
    };
    const refused = await ask(3);
    expect([refused.status, (await json(refused)).error]).toEqual([
      503,
      "too many requests wait for an answer; try again in a second",
    ]);
    // The first two of them are answered for nothing, and then there is room again.
    await vi.waitFor(async () => expect((await ask(2)).status).toBe(200));
  });

  it("stops the work for a request that it has refused because it took too long", async () => {
    let [runs, seconds] = [0, 0];
    const runtime = await observedRuntime(async (run) => {
      runs += 1;
      await sleep(1000 * seconds);
      return run();
    });
    await using limited = await startService(await serviceModel(first, { runtime }), {
      port: 0,
      timeoutSeconds: 0.3,
    });
    seconds = 0.02;
    const interactions = itemIds.slice(0, 60);
    const asked = { interactions, reasons: 1 };
    const refused = await post({ requests: Array(10).fill(asked) }, "/recommend/batch", limited.url);
    expect([refused.status, (await json(refused)).error]).toEqual([
      503,
      "no answer within 0.3 seconds; try again",
    ]);
    const [runsThen] = [runs, await sleep(200)];
    // Those in progress end.
    expect(runs - runsThen).toBeLessThanOrEqual(10);
    await sleep(200);
    expect(runs - runsThen).toBeLessThanOrEqual(10);
  });

  it("refuses options that do not fit, and a port that is taken", async () => {
    await expect(start({ maxBatch: 0 })).rejects.toThrow(InvalidOptionsError);
    // Timers of Node.js hold no more milliseconds than 31 bits.
    await expect(start({ timeoutSeconds: 2 ** 31 / 1000 })).rejects.toThrow(InvalidOptionsError);
    const port = Number(new URL(service.url).port);
    await expect(startService(await serviceModel(), { port })).rejects.toThrow(RuntimeError);
  });
});

describe("text", () => {
  it("ranks by the profile of the text, without what everyone gets", async () => {
    // Scores of a recommender that knows each text as the item of its number.
    const scores = (profile?: ArrayLike<number>) =>
      Float32Array.from(
        { length: itemCount },
        (_, item) => item / itemCount + (profile?.[0] === item ? 0.5 : 0),
      );
    const recommender = Object.assign(Object.create(reference), {
      name: "texts",
      itemIds,
      itemNames,
      assertRequest: () => {},
      itemColumns,
      matchingItems: (filter: ItemFilter) => reference.matchingItems(filter),
      score: async ({ profileEmbedding }: { profileEmbedding?: ArrayLike<number> }) =>
        scores(profileEmbedding),
      close: async () => {},
    });
    const embedText = async (text: string) => Float32Array.of(Number(text));
    await using texts = await startService({ recommender, embedText }, { port: 0 });
    const ask = async (more: object) =>
      (await answer(await post({ text: "20", ...more }, "/recommend", texts.url))).items;
    expect((await ask({ popularityPenalty: 1, count: 1 }))[0]).toEqual({
      itemId: "item-20",
      name: "Song 20",
      score: 0.5,
    });
    expect((await ask({ popularityPenalty: 0, count: 1 }))[0].itemId).toBe("item-79");
    const left = await ask({
      popularityPenalty: 0,
      count: 2,
      interactions: ["item-79"],
      exclude: ["item-78"],
    });
    expect(left.map(({ itemId }: { itemId: string }) => itemId)).toEqual(["item-77", "item-76"]);
    const jazz = await ask({
      popularityPenalty: 0,
      count: 2,
      filter: { styles: "Jazz", year: { to: 2030 } },
    });
    expect(jazz.map(({ itemId }: { itemId: string }) => itemId)).toEqual(["item-69", "item-67"]);
  });
});

describe("operation", () => {
  it("says that its model fails, until it answers again", async () => {
    let isBroken = false;
    const runtime = await observedRuntime((run) => {
      if (isBroken) throw new Error("no memory");
      return run();
    });
    const errors: unknown[] = [];
    const options = { port: 0, onError: (error: unknown) => errors.push(error) };
    await using failing = await startService(await serviceModel(first, { runtime }), options);
    const state = async () => {
      const response = await fetch(`${failing.url}/health`);
      return [response.status, (await json(response)).status];
    };
    const ask = () => post({ userId: "ann" }, "/recommend", failing.url);
    expect(await state()).toEqual([200, "ok"]);
    isBroken = true;
    expect((await ask()).status).toBe(500);
    expect(String(errors[0])).toMatch(/no memory/);
    expect(await state()).toEqual([503, "failing"]);
    isBroken = false;
    await answer(await ask());
    expect(await state()).toEqual([200, "ok"]);
  });

  it("tells its state, its metrics and its interface", async () => {
    const health = await answer(await fetch(`${service.url}/health`));
    expect(health).toEqual({
      status: "ok",
      model: "mult-vae",
      items: itemCount,
      answersUsers: true,
      answersTexts: false,
      columns: { styles: "texts", year: "numbers" },
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/dmrec_requests_total\{path="\/recommend",status="200"\} \d/);
    expect(metrics).toMatch(/dmrec_requests_total\{path="other",status="404"\} 1/);
    const document = await answer(await fetch(`${service.url}/openapi.json`));
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(["/recommend", "/recommend/batch", "/health"]);
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toContain("RecommendationRequest");
    expect(JSON.stringify(document.components.schemas.RecommendationRequest.properties.filter)).toMatch(
      /"type":"object".*"from":\{"type":"number"\}/,
    );
    for (const name of names) expect(document.components.schemas).toHaveProperty(name);
  });

  it("answers requests that come together in few calls of the model", async () => {
    await using busy = await start();
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => post({ userId: "ann" }, "/recommend", busy.url)),
    );
    for (const response of responses) await answer(response);
    const metrics = await (await fetch(`${busy.url}/metrics`)).text();
    expect(metrics).toMatch(/dmrec_batch_users_sum 100\b/);
    const [, calls] = metrics.match(/dmrec_batch_users_count (\d+)/) ?? [];
    expect(Number(calls)).toBeLessThan(60);
  });

  it.each([
    ["on this thread", async () => ({})],
    ["on its own thread", async () => ({ runtime: await threadedRuntime() })],
  ])("refuses wrong requests that come among others, with a model %s", async (_, options) => {
    await using busy = await startService(await serviceModel(first, await options()), { port: 0 });
    const asked = Array.from({ length: 60 }, (_, nth) => ({
      interactions: [nth % 3 === 0 ? "nothing" : `item-${nth}`],
      count: 3,
    }));
    const responses = await Promise.all(asked.map((request) => post(request, "/recommend", busy.url)));
    for (const [nth, response] of responses.entries()) {
      if (nth % 3 === 0) expect([nth, response.status]).toEqual([nth, 422]);
      else
        expect((await answer(response)).items).toEqual(withoutIndex(await reference.recommend(asked[nth])));
    }
  });

  it("changes its model without a failed request, and frees the one before", async () => {
    await using busy = await start();
    const [old, next] = await Promise.all([serviceModel(first), serviceModel(second)]);
    await busy.swap(old);
    const expected = await Promise.all(
      [old, next].map(async ({ recommender }) =>
        withoutIndex(await recommender.recommend({ interactions: ["item-5"] })),
      ),
    );
    const load = startLoad(busy.url, { interactions: ["item-5"] });
    await sleep(100);
    await busy.swap(next);
    await expect(old.recommender.recommend({})).rejects.toThrow(/closed/);
    await sleep(100);
    const answers = await load.end();
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    const kinds = new Set(answers.map(({ body }) => JSON.stringify(JSON.parse(body).items)));
    expect(kinds).toEqual(new Set(expected.map((list) => JSON.stringify(list))));
  });

  it("swaps in the same recommender with other users, and goes on with it", async () => {
    await using swapping = await start();
    const model = await serviceModel();
    await swapping.swap(model);
    await swapping.swap({ ...model, findUser: () => ({ audience: { interactions: ["item-9"] } }) });
    const { items } = await answer(await post({ userId: "anyone" }, "/recommend", swapping.url));
    expect(items).toEqual(withoutIndex(await reference.recommend({ interactions: ["item-9"] })));
  });

  it("refuses a model after its stop, and frees it", async () => {
    const stopped = await start();
    await stopped.stop();
    const late = await serviceModel();
    await expect(stopped.swap(late)).rejects.toThrow(UnsupportedError);
    await expect(late.recommender.recommend({})).rejects.toThrow(/closed/);
  });

  it("stops although a client never sends the rest of its request, or never reads its answer", async () => {
    const page = join(directory, "page");
    await mkdir(page);
    await writeFile(join(page, "large.bin"), new Uint8Array(2 ** 25));
    const stopping = await startService({ ...(await serviceModel()), page }, { port: 0, timeoutSeconds: 1 });
    const port = Number(new URL(stopping.url).port);
    const sockets = [
      "POST /recommend HTTP/1.1\r\nHost: x\r\nContent-",
      "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n",
    ].map((text) => {
      const socket = connect(port, "127.0.0.1").pause();
      socket.on("error", () => {});
      socket.write(text);
      return socket;
    });
    await sleep(200);
    const began = performance.now();
    await stopping.stop();
    expect(performance.now() - began).toBeLessThan(10_000);
    for (const socket of sockets) socket.destroy();
  }, 20_000);

  it("stops after the answers to all that was asked", async () => {
    const stopping = await start();
    const load = startLoad(stopping.url, { interactions: ["item-5"] });
    while (load.answered() < 200) await sleep(20);
    await stopping.stop();
    await stopping.stop();
    const answers = await load.end();
    expect(answers.length).toBeGreaterThan(200);
    // A client without a connection is refused one; every client with a connection gets an answer.
    for (const { status } of answers) expect([200, "ECONNREFUSED"]).toContain(status);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });
});

interface LoadAnswer {
  readonly status: number | string;
  readonly body: string;
}

/** Twenty clients that each ask again as soon as they are answered, on connections that they keep, until one is refused. */
function startLoad(url: string, request: unknown): { answered(): number; end(): Promise<LoadAnswer[]> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const answers: LoadAnswer[] = [];
  let isOver = false;
  const ask = () =>
    new Promise<LoadAnswer>((resolve) => {
      const headers = { "Content-Type": "application/json" };
      const asked = httpRequest(`${url}/recommend`, { method: "POST", headers, agent }, async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode ?? 0, body });
      });
      asked.on("error", (error: NodeJS.ErrnoException) =>
        resolve({ status: error.code ?? "error", body: "" }),
      );
      asked.end(JSON.stringify(request));
    });
  const clients = Array.from({ length: 20 }, async () => {
    while (!isOver) {
      const given = await ask();
      answers.push(given);
      if (typeof given.status === "string") return;
    }
  });
  return {
    answered: () => answers.length,
    async end() {
      isOver = true;
      await Promise.all(clients);
      agent.destroy();
      return answers;
    },
  };
}
