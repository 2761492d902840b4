import { FileError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from "./safetensors";

const arrays = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__"),
  fc.array(fc.float({ noNaN: true }), { maxLength: 12 }).map((values) => ({
    shape: [values.length],
    values: Float32Array.from(values),
  })),
);

describe("safetensors", () => {
  it("gives back what was written, bit by bit", () => {
    fc.assert(
      fc.property(
        arrays,
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.string(),
        ),
        (written, metadata) => {
          const read = decodeSafetensors(encodeSafetensors(written, metadata), "file");
          expect(read.arrays).toEqual(written);
          expect({ ...read.metadata }).toEqual({ ...metadata });
        },
      ),
    );
  });

  it("lays out the format's header, length first, values aligned", () => {
    const bytes = encodeSafetensors({ µ: { shape: [2, 1], values: Float32Array.of(1, 2) } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
    expect(header).toEqual({ __metadata__: {}, µ: { dtype: "F32", shape: [2, 1], data_offsets: [0, 8] } });
    expect(bytes.length).toBe(8 + length + 8);
  });

  it("refuses a file cut at any byte, naming it", () => {
    const whole: NamedArrays = {
      a: { shape: [2], values: Float32Array.of(1, 2) },
      b: { shape: [1], values: Float32Array.of(3) },
    };
    const bytes = encodeSafetensors(whole);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), "weights.safetensors")).toThrow(FileError);
    }
    expect(() => decodeSafetensors(bytes.subarray(0, 5), "weights.safetensors")).toThrow(
      /^weights\.safetensors: ends after 5/,
    );
  });

  it("refuses random bytes and other element types", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => decodeSafetensors(bytes, "f")).toThrow(FileError);
      }),
    );
  });
});
