import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@dmrec/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeSafetensors, type NamedArrays, readSafetensors } from "./safetensors";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-safetensors-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function decode(bytes: Uint8Array) {
  const file = join(folder, "weights.safetensors");
  await writeFile(file, bytes);
  return readSafetensors(file);
}

const arrays = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__"),
  fc.array(fc.float({ noNaN: true }), { maxLength: 12 }).map((values) => ({
    shape: [values.length],
    values: Float32Array.from(values),
  })),
);

describe("safetensors", () => {
  it("gives back what was written, bit by bit", async () => {
    await fc.assert(
      fc.asyncProperty(
        arrays,
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.string(),
        ),
        async (written, metadata) => {
          const read = await decode(Buffer.concat(encodeSafetensors(written, metadata)));
          expect(read.arrays).toEqual(written);
          expect({ ...read.metadata }).toEqual({ ...metadata });
        },
      ),
    );
  });

  it("lays out the format's header, length first, values aligned", () => {
    const bytes = Buffer.concat(encodeSafetensors({ µ: { shape: [2, 1], values: Float32Array.of(1, 2) } }));
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    expect(header).toEqual({ __metadata__: {}, µ: { dtype: "F32", shape: [2, 1], data_offsets: [0, 8] } });
    expect(bytes.length).toBe(8 + length + 8);
  });

  it("refuses a file cut at any byte, and one that is absent, naming it", async () => {
    const whole: NamedArrays = {
      a: { shape: [2], values: Float32Array.of(1, 2) },
      b: { shape: [1], values: Float32Array.of(3) },
    };
    const bytes = Buffer.concat(encodeSafetensors(whole));
    for (let length = 0; length < bytes.length; length += 1)
      await expect(decode(bytes.subarray(0, length))).rejects.toThrow(FileError);
    await expect(decode(bytes.subarray(0, 5))).rejects.toThrow(/weights\.safetensors: ends after 5/);
    await expect(readSafetensors(join(folder, "none"))).rejects.toThrow(/none: cannot be read \(ENOENT/);
  });

  it("refuses random bytes and other element types", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        await expect(decode(bytes)).rejects.toThrow(FileError);
      }),
    );
  });
});
