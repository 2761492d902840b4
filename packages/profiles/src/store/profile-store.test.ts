import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Profile } from "../profile";
import type { ProfileRecord } from "../profile-record";
import { startScript } from "../testing/child-process";
import type { Entity } from "./entity";
import { openProfileStore, type ProfileStore } from "./profile-store";
import { StoreError } from "./store-error";

const ok: Profile = { status: "ok", summary: "Fond of wit.", reasoning: "The title." };
const record = (summary = "Fond of wit."): ProfileRecord => ({
  profile: { ...ok, summary },
  rawReply: "{}",
  model: "local/test",
  usage: { inputTokens: 1, outputTokens: 2 },
  calls: 1,
  seconds: 0.5,
  time: "2026-01-01T00:00:00.000Z",
});
const item = (id: string, collection = "default"): Entity => ({ collection, entity: "item", id });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-store-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `use` on the store of the test's folder. */
async function withStore<Result>(use: (store: ProfileStore) => Promise<Result> | Result): Promise<Result> {
  const store = await openProfileStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe("the store", () => {
  it("keeps results, collections and entities apart, under any identifier", async () => {
    const odd = "é/\u0000 ".repeat(2000);
    await withStore(async (store) => {
      await store.save(item("a"), "key-1", record());
      await store.save(item(odd), "key-2", record("Odd."));
      await store.save(item("a", "other"), "key-3", record("Other."));
      await store.save({ ...item("a"), entity: "user" }, "key-4", record("A user."));
    });
    await withStore((store) => {
      expect(store.results.get("key-1")).toEqual(record());
      expect(store.results.get("absent")).toBeUndefined();
      expect([...store.profiles("default", "item").keys()].sort()).toEqual(["a", odd].sort());
      expect(store.profiles("other", "item").get("a")).toEqual({ ...ok, summary: "Other." });
      expect(store.profiles("default", "user").get("a")).toEqual({ ...ok, summary: "A user." });
    });
  });

  it("is closed at the end of its scope", async () => {
    const store = await openProfileStore(folder);
    await store.save(item("a"), "key-1", record());
    await store[Symbol.asyncDispose]();
    expect(() => store.results.get("key-1")).toThrow(StoreError);
    await withStore((later) => expect(later.results.get("key-1")).toEqual(record()));
  });

  it("keeps the first result of a key", () =>
    withStore(async (store) => {
      await store.save(item("a"), "key", record("First."));
      await store.save(item("b"), "key", record("Second."));
      expect(store.profiles("default", "item")).toEqual(
        new Map(["a", "b"].map((id) => [id, { ...ok, summary: "First." }])),
      );
    }));

  it("takes profiles over until they are forgotten", () =>
    withStore(async (store) => {
      await store.save(item("a"), "key", record());
      await store.entities.importProfiles(
        "default",
        "item",
        new Map([["b", { ...ok, summary: "Imported." }]]),
      );
      expect(store.profiles("default", "item").size).toBe(2);
      expect(await store.entities.forgetImported("default", "item")).toBe(1);
      expect([...store.profiles("default", "item").keys()]).toEqual(["a"]);
    }));

  it("keeps embeddings to the bit", async () => {
    const vector = Float32Array.of(1.5, -0, 1e-40, Number.MAX_VALUE);
    await withStore((store) => store.embeddings.save([["key", vector]]));
    await withStore((store) => {
      expect(store.embeddings.get("key")).toEqual(vector);
      expect(store.embeddings.get("absent")).toBeUndefined();
    });
  });

  it("reserves up to a ceiling, and settles", () =>
    withStore(async (store) => {
      expect(await store.ledger.reserve(3, 5)).toBe(true);
      expect(await store.ledger.reserve(3, 5)).toBe(false);
      await store.ledger.settle(3, 1);
      expect(await store.ledger.reserve(3, 5)).toBe(true);
      expect(store.ledger.spent()).toBe(4);
    }));

  it("leaves another process's claim to it", async () => {
    const raw = open({ path: folder, noSubdir: false, maxDbs: 8 });
    const theirs = { host: "elsewhere", pid: 1, started: 1, instance: "theirs", until: Date.now() + 60_000 };
    await raw.openDB({ name: "claims" }).put("key", theirs);
    await raw.put("formatVersion", 1);
    await raw.close();
    await withStore(async (store) => {
      await store.claims.release("key");
      expect(await store.claims.claim("key")).toBe(false);
      expect(await store.claims.claim("own")).toBe(true);
      await store.claims.release("own");
      expect(await store.claims.claim("own")).toBe(true);
    });
  });

  it("leaves the claim of another copy of the package in its process to it, as that of another thread", () =>
    withStore(async (store) => {
      vi.resetModules();
      const { openProfileStore: openByAnotherCopy } = await import("./profile-store");
      const other = await openByAnotherCopy(folder);
      expect(await other.claims.claim("key")).toBe(true);
      expect(await store.claims.claim("key")).toBe(false);
      await other.close();
    }));

  it("takes over what an earlier process of its number had claimed", async () => {
    const raw = open({ path: folder, noSubdir: false, maxDbs: 8 });
    const { pid } = process;
    const earlier = { host: hostname(), pid, started: 1, instance: "earlier", until: Date.now() + 60_000 };
    await raw.openDB({ name: "claims" }).put("key", earlier);
    await raw.put("formatVersion", 1);
    await raw.close();
    await withStore(async (store) => expect(await store.claims.claim("key")).toBe(true));
  });

  it("claims a result no more that it could not save", () =>
    withStore(async (store) => {
      const unsavable: ProfileRecord = {
        ...record(),
        get rawReply(): string {
          throw new Error("full");
        },
      };
      expect(await store.claims.claim("key")).toBe(true);
      await expect(store.save(item("a"), "key", unsavable)).rejects.toThrow(/could not be written \(full/);
      expect(await store.claims.claim("key")).toBe(true);
    }));

  it("serves two processes at once, and loses no count", async () => {
    const other = await startScript("store-writer", [folder, "there", "40"]);
    await withStore(async (store) => {
      for (let index = 0; index < 40; index += 1) {
        await store.save(item(`here-${index}`), `here-${index}`, record());
        expect(await store.ledger.reserve(1)).toBe(true);
      }
      expect(await other.ended).toMatchObject({ code: 0 });
      expect(store.profiles("default", "item").size).toBe(80);
      expect(store.ledger.spent()).toBe(80);
    });
  });

  it("has every result whole that was saved before a kill", async () => {
    const writer = await startScript("store-writer", [folder, "a", "1000000"]);
    await writer.printed(/saved 20\n/);
    writer.kill();
    await writer.ended;
    const saved = Number([...writer.stdout().matchAll(/saved (\d+)\n/g)].at(-1)?.[1]);
    await withStore(async (store) => {
      const profiles = store.profiles("default", "item");
      expect(profiles.size).toBeGreaterThanOrEqual(saved);
      await store.save(item("later"), "later", record());
      expect(store.profiles("default", "item").size).toBe(profiles.size + 1);
    });
  });
});

describe("a store that cannot be used", () => {
  const database = () => join(folder, "data.mdb");
  const fill = () =>
    withStore(async (store) => {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          store.save(item(String(index)), `key-${index}`, record("x".repeat(1000))),
        ),
      );
    });
  const refused = async (message: RegExp) => {
    const error = await openProfileStore(folder).catch((cause: unknown) => cause);
    expect(StoreError.isInstance(error) && error.folder).toBe(folder);
    expect(String(error)).toMatch(message);
  };

  it.each([0, 100, 5000, 20_000])("is refused when its file was cut to %i bytes", async (size) => {
    await fill();
    expect((await stat(database())).size).toBeGreaterThan(100_000);
    await truncate(database(), size);
    await refused(/data\.mdb was cut: it has \d+ bytes/);
  });

  it("is refused when any page is missing that it needs", async () => {
    await withStore(async (store) => {
      for (let index = 0; index < 30; index += 1) {
        // Some in pages of trees, some in pages of their own.
        await store.save(
          item(String(index)),
          `key-${index}`,
          record("x".repeat(index % 2 === 0 ? 500 : 9000)),
        );
      }
    });
    const whole = await readFile(database());
    const outcomes = new Set<string>();
    for (let pages = 1; pages <= 20; pages += 1) {
      await writeFile(database(), whole.subarray(0, whole.length - pages * 4096));
      const read = withStore((store) => `has ${store.profiles("default", "item").size}`);
      outcomes.add(await read.catch((error: unknown) => String(StoreError.isInstance(error) && "refused")));
    }
    expect([...outcomes].filter((outcome) => !["refused", "has 30"].includes(outcome))).toEqual([]);
    expect(outcomes).toContain("refused");
  });

  it("is no store whose last pages LMDB counted and never wrote", async () => {
    await withStore((store) => store.save(item("a"), "key", record()));
    const raw = open({ path: folder, noSubdir: false, maxDbs: 8 });
    const embeddings = raw.openDB({ name: "embeddings", encoding: "binary" });
    raw.transactionSync(() => {
      for (let index = 0; index < 20; index += 1) embeddings.put(String(index), Buffer.alloc(50_000));
      for (let index = 0; index < 20; index += 1) embeddings.remove(String(index));
    });
    await raw.close();
    const meta = await readFile(database());
    const counted = Math.max(...[0, 4096].map((page) => Number(meta.readBigUInt64LE(page + 144)))) + 1;
    expect(meta.length).toBeLessThan((counted - 20) * 4096);
    await withStore((store) => expect(store.profiles("default", "item").size).toBe(1));
  });

  it("is refused when its file is something else", async () => {
    await writeFile(database(), "no database ".repeat(1000));
    await refused(/data\.mdb is no LMDB database/);
  });

  it("is refused when its pages are damaged", async () => {
    await fill();
    const bytes = await readFile(database());
    await writeFile(database(), bytes.fill(0, 2 * 4096));
    await refused(/cannot be opened \(MDB_CORRUPTED/);
    await writeFile(database(), bytes.fill(0, 4096, 2 * 4096));
    await refused(/damaged in its second page/);
  });

  it("is refused when it is another program's, or of a later format", async () => {
    const foreign = open({ path: folder, noSubdir: false });
    await foreign.put("greeting", "hello");
    await foreign.close();
    await refused(/is the database of another program \(it has the key "greeting"\)/);
    const later = open({ path: folder, noSubdir: false });
    await later.put("formatVersion", 99);
    await later.close();
    await refused(/is of format 99; this program reads format 1/);
  });

  it("is refused where there can be none", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(openProfileStore(file)).rejects.toThrow(
      /cannot be opened \(E.*expected a folder of its own/,
    );
  });

  it("tells of an entry that is damaged", async () => {
    await withStore((store) => store.save(item("a"), "key", record()));
    const raw = open({ path: folder, noSubdir: false, maxDbs: 8 });
    await raw.openDB({ name: "results" }).put("key", { profile: "no more" });
    await raw.close();
    await withStore((store) =>
      expect(() => store.results.get("key")).toThrow(
        /has a damaged entry, result key \(profile: "no more"; expected an object\)$/,
      ),
    );
  });

  it("says so when the disk is full, and has all that was saved before", async () => {
    // A limit on the size of files acts as a full disk.
    const writer = await startScript("store-writer", [folder, "a", "1000000"], { fileSizeLimit: 200 });
    const { code, stderr } = await writer.ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /StoreError: .* could not be written \(.*(File too large|Input.output error).*; is the disk full.*everything that was saved before/s,
    );
    const saved = Number([...writer.stdout().matchAll(/saved (\d+)\n/g)].at(-1)?.[1]);
    expect(saved).toBeGreaterThan(10);
    await withStore(async (store) => {
      expect(store.profiles("default", "item").size).toBe(saved);
      await store.save(item("later"), "later", record());
    });
  });
});
