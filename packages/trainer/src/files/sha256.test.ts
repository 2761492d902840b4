import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sha256, sha256OfFile } from "./sha256";

it("hashes bytes in parts and in files as bytes in one piece", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-sha256-"));
  const bytes = Uint8Array.from({ length: 3_000_001 }, (_, at) => at % 251);
  const expected = createHash("sha256").update(bytes).digest("hex");
  expect(sha256([bytes.subarray(0, 7), bytes.subarray(7, 7), bytes.subarray(7)])).toBe(expected);
  await writeFile(join(folder, "bytes"), bytes);
  expect(await sha256OfFile(join(folder, "bytes"))).toBe(expected);
  await rm(folder, { recursive: true });
});
