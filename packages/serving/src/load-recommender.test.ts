import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError, InvalidDataError, InvalidOptionsError } from "@dmrec/core";
import * as onnx from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender as loadInBrowser } from "./browser";
import { loadRecommender } from "./index";
import { interactionsModel, profileModel, tableModel } from "./testing/test-catalogue";

let directory: string;
let file: string;
const bytes = profileModel();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-serving-"));
  file = join(directory, "model.onnx");
  await writeFile(file, bytes);
});
afterAll(() => rm(directory, { recursive: true }));

describe("loadRecommender in Node.js", () => {
  it("takes a path, a file's URL or bytes, and closes at the end of the block", async () => {
    for (const model of [file, pathToFileURL(file), bytes]) {
      await using recommender = await loadRecommender(model, { threads: 2 });
      expect(await recommender.recommend({ count: 3 })).toHaveLength(3);
    }
  });

  it("refuses a file that cannot be read", async () => {
    const absent = join(directory, "absent.onnx");
    const error: unknown = await loadRecommender(absent).catch((error: unknown) => error);
    expect(FileError.isInstance(error) && error.file).toBe(absent);
    expect(error).toHaveProperty("message", expect.stringMatching(/absent\.onnx: ENOENT/));
    await expect(loadRecommender(new URL("https://example.org/model.onnx"))).rejects.toThrow(FileError);
  });

  it("refuses a file that is empty, truncated or of another kind", async () => {
    await expect(loadRecommender(new Uint8Array())).rejects.toThrow(/^the model: an empty file; expected/);
    await expect(loadRecommender(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(InvalidDataError);
    const text = join(directory, "text.onnx");
    await writeFile(text, "not a model");
    await expect(loadRecommender(text)).rejects.toThrow(InvalidDataError);
    await expect(loadRecommender(text)).rejects.toThrow(/text\.onnx: no ONNX file, or a damaged one/);
    const older = interactionsModel({ format: "dmrec-recommender-1" });
    await expect(loadRecommender(older)).rejects.toThrow(/metadata with a wrong format .*this version/);
    const damaged = interactionsModel({ items: "{" });
    await expect(loadRecommender(damaged)).rejects.toThrow(/metadata with a wrong items \(not JSON\)/);
  });

  it("refuses a file with more or fewer items than it scores", async () => {
    const few = interactionsModel({ items: JSON.stringify({ ids: ["item-0", "item-1"] }) });
    await expect(loadRecommender(few)).rejects.toThrow(
      "the model: identifiers of 2 items; expected 30, as many as the model scores",
    );
    const ids = Array.from({ length: 30 }, (_, item) => `item-${item}`);
    const names = interactionsModel({ items: JSON.stringify({ ids, names: ["Emma"] }) });
    await expect(loadRecommender(names)).rejects.toThrow(/names of 1 items; expected 30/);
  });

  it("refuses a file whose users contradict its inputs", async () => {
    const userIndex = { interactions: false, profile: false, userIndex: true };
    const withoutUsers = tableModel({ users: "null" });
    await expect(loadRecommender(withoutUsers)).rejects.toThrow(/metadata with a wrong users/);
    const withoutInput = interactionsModel({ reads: JSON.stringify(userIndex) });
    await expect(loadRecommender(withoutInput)).rejects.toThrow(
      /a model without the input "users"; expected one/,
    );
    const unread = tableModel({ reads: JSON.stringify({ ...userIndex, userIndex: false }) });
    await expect(loadRecommender(unread)).rejects.toThrow(/a model with the input "users"; expected none/);
  });

  it("refuses options that do not fit", async () => {
    const threads = loadRecommender(bytes, { threads: 0 });
    await expect(threads).rejects.toThrow(InvalidOptionsError);
    await expect(threads).rejects.toThrow(/^loadRecommender: threads: /);
    const runtime = loadRecommender(bytes, { runtime: JSON.parse("{}") });
    await expect(runtime).rejects.toThrow(/^loadRecommender: runtime: expected an ONNX Runtime/);
  });
});

describe("loadRecommender in a browser", () => {
  it("fetches a URL, or takes bytes, and needs a runtime", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/model.onnx") response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
      for (const model of [`${origin}/model.onnx`, new URL(`${origin}/model.onnx`), bytes]) {
        await using recommender = await loadInBrowser(model, { runtime: onnx });
        expect(await recommender.recommend({ count: 3 })).toHaveLength(3);
      }
      const absent = loadInBrowser(`${origin}/absent.onnx`, { runtime: onnx });
      await expect(absent).rejects.toThrow(FileError);
      await expect(absent).rejects.toThrow(/absent\.onnx: HTTP status 404/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    await expect(loadInBrowser("relative.onnx", { runtime: onnx })).rejects.toThrow(FileError);
    await expect(loadInBrowser(bytes)).rejects.toThrow(InvalidOptionsError);
    await expect(loadInBrowser(bytes)).rejects.toThrow(
      /^loadRecommender: runtime: missing; a browser needs one/,
    );
  });
});
