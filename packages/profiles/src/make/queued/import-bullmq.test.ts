import { UnsupportedError } from "@dmrec/core";
import { expect, it } from "vitest";
import { importBullmq } from "./import-bullmq";

it("names the packages that are missing", async () => {
  const error: unknown = await importBullmq(() => Promise.reject(new Error("Cannot find package"))).catch(
    (cause: unknown) => cause,
  );
  expect(UnsupportedError.isInstance(error) && error.message).toMatch(/bullmq and ioredis; install both/);
});
