import { executionAsyncResource } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { withoutNewFailureListeners } from "./process-listeners";

it("removes the listeners that a start added, and none of those that the host added meanwhile", async () => {
  const [own, host] = [() => {}, () => {}];
  const before = process.listeners("unhandledRejection");
  const starting = withoutNewFailureListeners(async () => {
    await setImmediate();
    process.on("unhandledRejection", own);
    await setImmediate();
    return "started";
  });
  process.on("unhandledRejection", host);
  try {
    expect(await starting).toBe("started");
    expect(process.listeners("unhandledRejection")).toEqual([...before, host]);
  } finally {
    process.removeListener("unhandledRejection", host);
  }
});

it("leaves nothing that every later task of the process carries", async () => {
  const carried = () =>
    new Promise<number>((resolve) => {
      globalThis.setImmediate(() => resolve(Reflect.ownKeys(executionAsyncResource()).length));
    });
  const before = await carried();
  for (let start = 0; start < 3; start += 1) await withoutNewFailureListeners(() => setImmediate());
  expect(await carried()).toBe(before);
});
