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
