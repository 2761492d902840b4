import { RuntimeError } from "@dmrec/core";
import { expect, it } from "vitest";
import { connected, warnOnce } from "./redis-connection";

const url = "redis://user:the-password@127.0.0.1:6390";

it("says where no Redis answers, without its password", async () => {
  const waiting = connected(url, new Promise(() => {}), 0.05);
  await expect(waiting).rejects.toSatisfy(RuntimeError.isInstance);
  await expect(waiting).rejects.toThrow(
    "no Redis answers at 127.0.0.1:6390; expected one within 0.05 seconds",
  );
});

it("tells each error of a connection once, without its password", () => {
  const reported: string[] = [];
  const warn = warnOnce((message) => reported.push(message), url);
  for (const _ of [1, 2]) warn(new Error("WRONGPASS the-password"));
  expect(reported).toEqual(["Redis: WRONGPASS [redacted]"]);
});
