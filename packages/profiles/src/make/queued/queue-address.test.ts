import { expect, it } from "vitest";
import { modelAt } from "../../testing/openai-server";
import { openProfileQueue } from "./profile-queue";
import { startProfileWorker } from "./profile-worker";

it.each([
  [{ url: "" }, /: url: /],
  [{ name: "a:b" }, /: name: must be a text without colons/],
  [{ queue: "a" }, /"queue"/],
])("the address %j is refused by queues and workers", async (wrong, message) => {
  const address = { url: "redis://localhost:1", ...wrong };
  await expect(openProfileQueue(address)).rejects.toThrow(/^openProfileQueue/);
  await expect(openProfileQueue(address)).rejects.toThrow(message);
  const worker = startProfileWorker({ ...address, model: modelAt("http://localhost:1") });
  await expect(worker).rejects.toThrow(message);
});
