import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { EmbeddingModelV3 } from "@ai-sdk/provider";
import { InvalidDataError } from "@dmrec/core";
import { fitTfIdfEncoder } from "@dmrec/encoders";
import { type EmbeddingModel, wrapEmbeddingModel } from "ai";
import { describe, expect, it } from "vitest";
import { describeEstimate } from "../calls/call-estimate";
import { ModelCallError } from "../calls/model-call-error";
import type { Profile } from "../profile";
import { openProfileStore, type ProfileStore } from "../store/profile-store";
import { answer, embeddingOf, embeddingsServer, type Misbehaviour } from "../testing/embeddings-server";
import { type EmbedProfilesOptions, embedProfiles, embedText } from "./embed-profiles";
import { embedUsersAndItems } from "./embed-users-and-items";

const key = "sk-test-0123456789abcdef";
type Server = Awaited<ReturnType<typeof embeddingsServer>>;

async function withServer<Result>(
  misbehave: Misbehaviour | undefined,
  use: (
    run: (options: Partial<EmbedProfilesOptions>) => ReturnType<typeof embedProfiles>,
    server: Server,
    model: EmbeddingModelV3,
  ) => Promise<Result>,
): Promise<Result> {
  const server = await embeddingsServer(misbehave);
  const provider = createOpenAICompatible({ name: "local", baseURL: server.url, apiKey: key });
  const model = provider.embeddingModel("test");
  try {
    return await use(
      (options) => embedProfiles({ model, profiles: texts, retryDelay: 0.001, ...options }),
      server,
      model,
    );
  } finally {
    await server.close();
  }
}

async function withStore<Result>(use: (store: ProfileStore) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-embeddings-"));
  const store = await openProfileStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

const texts = Array.from({ length: 10 }, (_, index) => `profile ${"x".repeat(index)}`);
const rows = (values: readonly (readonly number[])[]) => Float32Array.from(values.flat());
const right = rows(texts.map((text) => embeddingOf(text)));
const ok = (summary: string): Profile => ({ status: "ok", summary, reasoning: "because" });
const fail = (
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message } }));
};

describe("embedProfiles over HTTP", () => {
  it("gives a row for each profile, in their order, in batches by count and by tokens", () =>
    withServer(undefined, async (run, { requests }) => {
      const { embeddings, report } = await run({ maxValuesPerCall: 4, maxParallelCalls: 2 });
      expect(embeddings).toEqual({ rowCount: 10, columnCount: 4, values: right });
      expect(requests.map((request) => request.texts.length).sort()).toEqual([2, 4, 4]);
      expect(report).toMatchObject({
        rows: 10,
        missing: 0,
        embedded: 10,
        fromStore: 0,
        calls: 3,
        tokens: 30,
      });
      const long = "many words in a row ".repeat(50);
      await run({ profiles: [long, `${long}.`, "short"], maxTokensPerCall: 300 });
      expect(requests.slice(3).map((request) => request.texts.length)).toEqual([1, 2]);
    }));

  it("embeds a text that is there twice once, with its prefix and the provider's options", () =>
    withServer(undefined, async (run, { requests }) => {
      const { embeddings } = await run({
        profiles: ["a", "b", ok("a")],
        prefix: "passage: ",
        providerOptions: { local: { dimensions: 4 } },
      });
      expect(requests.map((request) => request.texts)).toEqual([["passage: a", "passage: b"]]);
      expect(requests[0].body.dimensions).toBe(4);
      expect(embeddings.values.subarray(8)).toEqual(embeddings.values.subarray(0, 4));
    }));

  it.each<[string, Misbehaviour, RegExp]>([
    [
      "too few embeddings",
      ({ texts: own }) => answer(own.slice(1).map((text) => embeddingOf(text))),
      /9 embeddings for 10 texts, 3 times/,
    ],
    ["no embeddings", () => answer([]), /0 embeddings for 10 texts/],
    [
      "rows of different widths",
      ({ texts: own }) => answer(own.map((text, index) => embeddingOf(text, index === 6 ? 3 : 4))),
      /an embedding of 3 numbers \(text 6\); expected 4/,
    ],
    ["rows of no width", ({ texts: own }) => answer(own.map(() => [])), /an embedding of 0 numbers/],
    [
      "numbers beyond float32",
      ({ texts: own }) =>
        answer(own.map((text, index) => (index === 2 ? [1e300, 0, 0, 0] : embeddingOf(text)))),
      /an embedding with Infinity \(text 2, position 0\)/,
    ],
  ])("refuses %s, after asking again", (_, misbehave, message) =>
    withServer(misbehave, async (run, { requests }) => {
      const running = run({});
      await expect(running).rejects.toThrow(message);
      await expect(running).rejects.toSatisfy(
        (error) => ModelCallError.isInstance(error) && error.reason === "unreadable",
      );
      expect(requests).toHaveLength(3);
    }),
  );

  it.each(["NaN", "null", '"0.5"'])("refuses an embedding with %s", (value) =>
    withServer(
      ({ texts: own }) =>
        JSON.stringify(answer(own.map((text) => embeddingOf(text)))).replace(
          /"embedding":\[[^,]*/,
          `"embedding":[${value}`,
        ),
      async (run) => {
        const running = run({ maxRetries: 1 });
        await expect(running).rejects.toThrow(/no usable answer|could not be read/);
        await expect(running).rejects.toSatisfy(ModelCallError.isInstance);
      },
    ),
  );

  it("asks again for a wrong answer, a busy service, a fault of the service and a broken connection", () =>
    withServer(
      ({ texts: own }, response, count) => {
        if (count === 0) return answer(own.slice(2).map((text) => embeddingOf(text)));
        if (count === 1) return fail(response, 429, "slow down", { "retry-after-ms": "5" });
        if (count === 2) return fail(response, 500, "oops");
        if (count === 3) return response.destroy();
        if (count === 4) {
          // It breaks in the middle of the answer.
          response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
          response.write('{"object":"list","data":[{"embedd');
          return sleep(5).then(() => response.destroy());
        }
        return undefined;
      },
      async (run, { requests }) => {
        expect((await run({})).embeddings.values).toEqual(right);
        expect(requests).toHaveLength(6);
      },
    ));

  it("waits for as many seconds as the service asks for", () => {
    const times: number[] = [];
    return withServer(
      (_, response, count) => {
        times.push(performance.now());
        return count === 0 ? fail(response, 503, "busy", { "retry-after": "0.2" }) : undefined;
      },
      async (run) => {
        await run({ maxValuesPerCall: 5, maxParallelCalls: 1 });
        expect(times).toHaveLength(3);
        expect(times[1] - times[0]).toBeGreaterThan(190);
      },
    );
  });

  it.each([
    [401, `Incorrect API key provided: ${key}`, "credentials"],
    [429, "You exceeded your current quota, please check your plan and billing details", "quota"],
    [404, "no such model", "model"],
    [400, "the text is too long", "rejected"],
  ])("stops at once at status %i, and names no key", (status, message, reason) =>
    withServer(
      (_, response) => fail(response, status, message),
      async (run, { requests }) => {
        const error: unknown = await run({ maxParallelCalls: 1, maxValuesPerCall: 2 }).catch(
          (thrown: unknown) => thrown,
        );
        expect(ModelCallError.isInstance(error) && error.reason).toBe(reason);
        expect(String(error)).not.toContain(key);
        expect(requests).toHaveLength(1);
      },
    ),
  );

  it("keeps what was embedded before a failure: the next run pays for the rest alone", () =>
    withStore((store) =>
      withServer(
        (_, response, count) => (count === 2 ? fail(response, 401, "expired") : undefined),
        async (run, { requests }) => {
          const options = { store, maxValuesPerCall: 3, maxParallelCalls: 1 };
          await expect(run(options)).rejects.toThrow(/refuses the key/);
          const { embeddings, report } = await run(options);
          expect(embeddings.values).toEqual(right);
          expect(report).toMatchObject({ fromStore: 6, embedded: 4, calls: 2 });
          expect((await run(options)).report).toMatchObject({ fromStore: 10, embedded: 0, calls: 0 });
          expect(requests.map((request) => request.texts.length)).toEqual([3, 3, 3, 3, 1]);
          // Another prefix is another embedding.
          expect((await run({ ...options, prefix: "query: " })).report.embedded).toBe(10);
        },
      ),
    ));

  it("stops at a signal with what is done in the store, and tells of its progress", () =>
    withStore((store) =>
      withServer(undefined, async (run) => {
        const stop = new AbortController();
        const done: number[] = [];
        const options = { store, maxValuesPerCall: 2, maxParallelCalls: 1 };
        const running = run({
          ...options,
          abortSignal: stop.signal,
          onProgress(progress) {
            done.push(progress.done);
            expect(progress.total).toBe(10);
            if (progress.done === 4) stop.abort();
          },
        });
        await expect(running).rejects.toThrow(/interrupted/);
        expect(done).toEqual([2, 4]);
        expect((await run(options)).report).toMatchObject({ fromStore: 4, embedded: 6 });
      }),
    ));

  it("holds to its limits for a model that takes few texts a call, or one call at a time", () => {
    let [atOnce, most] = [0, 0];
    const slowly = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await sleep(5);
      atOnce -= 1;
    };
    return withServer(slowly, async (run, { requests }, model) => {
      const limited = (parallel: boolean) =>
        wrapEmbeddingModel({
          model,
          middleware: {
            specificationVersion: "v3",
            overrideMaxEmbeddingsPerCall: () => 1,
            overrideSupportsParallelCalls: () => parallel,
          },
        });
      const { embeddings, report } = await run({ model: limited(true), maxParallelCalls: 2 });
      expect(embeddings.values).toEqual(right);
      expect([report.calls, requests.length, most]).toEqual([10, 10, 2]);
      most = 0;
      await run({ model: limited(false), maxParallelCalls: 4 });
      expect(most).toBe(1);
      const stop = new AbortController();
      const options = { model: limited(true), requestsPerMinute: 3, abortSignal: stop.signal };
      const running = run({
        ...options,
        onProgress: ({ done }) => {
          if (done === 3) setTimeout(() => stop.abort(), 50);
        },
      });
      await expect(running).rejects.toThrow(/interrupted/);
      expect(requests).toHaveLength(23);
    });
  });

  it("asks again for embeddings of another width than most, those of the store too", () =>
    withStore((store) =>
      withServer(
        // The first two answers are of a wrong width, and right in themselves.
        ({ texts: own }, _, count) =>
          count < 2 ? answer(own.map((text) => embeddingOf(text, 3))) : undefined,
        async (run, { requests }) => {
          const options = { store, maxValuesPerCall: 3, maxParallelCalls: 1 };
          // Nothing says yet that it is wrong.
          expect((await run({ ...options, profiles: texts.slice(0, 1) })).embeddings.columnCount).toBe(3);
          const { embeddings, report } = await run(options);
          expect(embeddings.values).toEqual(right);
          expect(report).toMatchObject({ embedded: 10, fromStore: 0 });
          expect(requests.map((request) => request.texts.length)).toEqual([1, 3, 3, 3, 3, 1]);
          expect((await run(options)).report).toMatchObject({ fromStore: 10, calls: 0 });
        },
      ),
    ));

  it("believes a given width more than the store", () =>
    withStore((store) =>
      withServer(
        ({ texts: own }, _, count) =>
          count === 0 ? answer(own.map((text) => embeddingOf(text, 3))) : undefined,
        async (run) => {
          expect((await run({ store })).embeddings.columnCount).toBe(3);
          expect((await run({ store, width: 4 })).embeddings.values).toEqual(right);
          expect((await run({ store })).report).toMatchObject({ fromStore: 10, calls: 0 });
        },
      ),
    ));

  it("refuses widths that stay different", () =>
    withServer(
      ({ texts: own }) => answer(own.map((text) => embeddingOf(text, own.includes(texts[0]) ? 3 : 4))),
      async (run, { requests }) => {
        await expect(run({ maxValuesPerCall: 4 })).rejects.toThrow(
          /4 embeddings of 3 numbers; expected 4, as most have .*, 3 times/,
        );
        expect(requests.map((request) => request.texts.length).sort()).toEqual([2, 4, 4, 4, 4]);
      },
    ));

  it("estimates without a call, and spends no more than the ceiling over several runs", () =>
    withStore((store) =>
      withServer(undefined, async (run, { requests }) => {
        // The server counts three tokens a text.
        const prices = { inputPerMillion: 1e6 };
        const options = { store, prices, maxValuesPerCall: 2, maxParallelCalls: 2 };
        const dry = await run({ ...options, dryRun: true });
        expect(dry.embeddings).toMatchObject({ rowCount: 10, columnCount: 0 });
        expect(dry.report).toMatchObject({ embedded: 0, calls: 0, cost: 0 });
        expect(describeEstimate(dry.report.estimate)).toMatch(
          /^5 calls, about \d\d tokens in and 0 out, cost/,
        );
        expect(requests).toHaveLength(0);
        for (const _ of [1, 2]) {
          const error: unknown = await run({ ...options, maxCost: 70 }).catch((cause: unknown) => cause);
          expect(ModelCallError.isInstance(error) && error.reason).toBe("ceiling");
        }
        expect(store.ledger.spent()).toBe(12);
        expect(requests).toHaveLength(2);
        expect((await run({ ...options, dryRun: true })).report).toMatchObject({
          fromStore: 4,
          estimate: { calls: 3 },
        });
        const { report } = await run({ ...options, maxCost: 1000 });
        expect(report).toMatchObject({ fromStore: 4, calls: 3, cost: 18, estimate: { calls: 0, cost: 0 } });
        expect(store.ledger.spent()).toBe(30);
        expect((await run({ prices })).report.cost).toBe(30);
        await expect(run({ store, maxCost: 1 })).rejects.toThrow(/maxCost: needs prices/);
        await expect(run({ prices, maxCost: 1 })).rejects.toThrow(/maxCost: needs a store/);
      }),
    ));

  it("counts a cost alike with a store and without, also where the service tells no tokens or breaks off", () =>
    withStore((store) =>
      withServer(
        ({ texts: own }, response, count) => {
          if (count % 2 === 0) return response.destroy();
          const { usage: _, ...unreported } = answer(own.map((text) => embeddingOf(text)));
          return unreported;
        },
        async (run, { requests }) => {
          // Those of a language model will do.
          const prices = { inputPerMillion: 1e6, outputPerMillion: 4e6 };
          // A byte each, and what a service may add to each text.
          const most = texts.join("").length + 20 * texts.length;
          for (const options of [{ prices }, { prices, store }])
            expect((await run(options)).report).toMatchObject({
              calls: 1,
              tokens: 0,
              cost: 2 * most,
            });
          expect(store.ledger.spent()).toBe(2 * most);
          expect(requests).toHaveLength(4);
        },
      ),
    ));

  it("warns of no leak where many calls wait at a time", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on("warning", listen);
    await withServer(
      (_, response, count) => (count < 20 ? fail(response, 429, "slow down") : undefined),
      (run) => {
        const many = Array.from({ length: 20 }, (_, index) => `text ${index}`);
        const { signal: abortSignal } = new AbortController();
        return run({
          profiles: many,
          maxValuesPerCall: 1,
          maxParallelCalls: 20,
          retryDelay: 0.3,
          abortSignal,
        });
      },
    ).finally(() => process.off("warning", listen));
    expect(warnings).toEqual([]);
  });

  it("refuses a width other than the one asked for", () =>
    withServer(undefined, async (run) => {
      await expect(run({ width: 8 })).rejects.toThrow(/an embedding of 4 numbers \(text 0\); expected 8/);
    }));
});

it("embedProfiles lets an error of a local model through at once, as it is", async () => {
  const error = new InvalidDataError({ source: "local-1", actual: "an input", expected: "another" });
  let calls = 0;
  const model: EmbeddingModel = {
    specificationVersion: "v3",
    provider: "local",
    modelId: "broken",
    maxEmbeddingsPerCall: undefined,
    supportsParallelCalls: false,
    doEmbed() {
      calls += 1;
      return Promise.reject(error);
    },
  };
  await expect(embedProfiles({ model, profiles: ["a"], retryDelay: 0.001 })).rejects.toBe(error);
  expect(calls).toBe(1);
});

it("embedProfiles leaves a model of its own process the time that it needs", async () => {
  const model: EmbeddingModel = {
    specificationVersion: "v3",
    provider: "dmrec",
    modelId: "slow",
    maxEmbeddingsPerCall: undefined,
    supportsParallelCalls: false,
    async doEmbed({ values, abortSignal }) {
      await sleep(30);
      abortSignal?.throwIfAborted();
      return { embeddings: values.map(() => [1, 2]), warnings: [] };
    },
  };
  const { report } = await embedProfiles({ model, profiles: ["a", "b"], timeout: 0.01 });
  expect(report).toMatchObject({ embedded: 2, calls: 1 });
});

describe("rows without a text", () => {
  const model = fitTfIdfEncoder(["red sea", "red sun", "blue sea", "blue sun"], { width: 3 });
  const gaps = [
    "red sea",
    undefined,
    ok("blue sun"),
    "  ",
    { status: "insufficient" as const, reasoning: "nothing known" },
  ];

  it("are an error by default, which says which rows", async () => {
    const running = embedProfiles({ model, profiles: gaps });
    await expect(running).rejects.toThrow(InvalidDataError);
    await expect(running).rejects.toThrow(
      /3 of 5 have no text \(rows 1, 3, 4\); expected a text for each, or missing/,
    );
  });

  it("are zeros or the mean on request, every other row in its place", async () => {
    const [first, third] = ["red sea", "blue sun"].map((text) => model.embed(text));
    const zeros = await embedProfiles({ model, profiles: gaps, missing: "zero" });
    const nothing = [0, 0, 0];
    expect(zeros.embeddings.values).toEqual(rows([[...first], nothing, [...third], nothing, nothing]));
    expect(zeros.report).toMatchObject({ rows: 5, missing: 3, embedded: 2 });
    const mean = [...first].map((value, column) => (value + third[column]) / 2);
    const means = await embedProfiles({ model, profiles: gaps, missing: "mean" });
    const difference = rows([[...first], mean, [...third], mean, mean]).map(
      (value, index) => value - means.embeddings.values[index],
    );
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-6);
  });

  it("may be all rows only where the width is given", async () => {
    await expect(embedProfiles({ model, profiles: ["", ""], missing: "mean" })).rejects.toThrow(
      /at least one text/,
    );
    await expect(embedProfiles({ model, profiles: [""], missing: "zero" })).rejects.toThrow(/no text at all/);
    const { embeddings } = await embedProfiles({ model, profiles: ["", ""], missing: "zero", width: 3 });
    expect(embeddings).toEqual({ rowCount: 2, columnCount: 3, values: new Float32Array(6) });
  });

  it("do not make one text's embedding", async () => {
    expect(await embedText(model, "red sun")).toEqual(model.embed("red sun"));
    await expect(embedText(model, " ")).rejects.toThrow(InvalidDataError);
    await expect(embedText(model, " ")).rejects.toThrow(/^embedText: /);
  });
});

describe("embedUsersAndItems", () => {
  it("has users and items agree on a width", () =>
    withServer(
      ({ texts: own }, _, count) =>
        count === 0 ? answer(own.map((text) => embeddingOf(text, 3))) : undefined,
      async (__, { requests }, model) => {
        const [items, users] = [texts.slice(0, 3), texts.slice(3)];
        const { profileEmbeddings, report } = await embedUsersAndItems({
          model,
          items,
          users,
          maxValuesPerCall: 3,
          maxParallelCalls: 1,
        });
        expect([profileEmbeddings.items.values, profileEmbeddings.users.values]).toEqual([
          right.subarray(0, 12),
          right.subarray(12),
        ]);
        expect(requests.map((request) => request.texts.length)).toEqual([3, 3, 3, 1, 3]);
        expect(report).toMatchObject({ rows: 10, embedded: 10, calls: 5, tokens: 39 });
        const none = await embedUsersAndItems({ model, items, users: [undefined, ""], missing: "zero" });
        expect(none.profileEmbeddings.users.values).toEqual(new Float32Array(8));
      },
    ));

  it("embeds users and items by one model: fitted on them where none is given", async () => {
    const [users, items] = [
      ["likes red seas", undefined],
      ["a red sea", "a blue sea", "a red sun"],
    ];
    const { profileEmbeddings, model, report } = await embedUsersAndItems({ users, items, missing: "zero" });
    expect([
      profileEmbeddings.users.rowCount,
      profileEmbeddings.items.rowCount,
      profileEmbeddings.items.columnCount,
    ]).toEqual([2, 3, 256]);
    expect(profileEmbeddings.items.values.subarray(0, 256)).toEqual(model.embed("a red sea"));
    expect(report).toMatchObject({ rows: 5, missing: 1, missingUsers: 1, missingItems: 0 });
  });

  it("embeds a text that a user and an item share once, and fills gaps with the mean of their own side", () =>
    withServer(undefined, async (_, { requests }, model) => {
      const [items, users] = [
        ["a", "b"],
        ["b", undefined, "c"],
      ];
      const { profileEmbeddings, report } = await embedUsersAndItems({
        model,
        items,
        users,
        missing: "mean",
      });
      expect(requests.map((request) => request.texts)).toEqual([["a", "b", "c"]]);
      expect(report).toMatchObject({ rows: 5, missing: 1, embedded: 3, calls: 1 });
      const { values } = profileEmbeddings.users;
      expect(values.subarray(0, 4)).toEqual(profileEmbeddings.items.values.subarray(4));
      const means = embeddingOf("b").map((value, column) => (value + embeddingOf("c")[column]) / 2);
      expect(values.subarray(4, 8)).toEqual(Float32Array.from(means));
      await expect(embedUsersAndItems({ model, items, users })).rejects.toThrow(
        /embedUsersAndItems \(users\).*rows? 1/,
      );
    }));
});
