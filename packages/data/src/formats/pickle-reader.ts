import { InvalidDataError } from "@dmrec/core";

/** Reads the primitives of a pickle, and knows where it stands. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #source: string;
  #position = 0;

  constructor(bytes: Uint8Array, source: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#source = source;
  }

  /** An error at the present byte. */
  error(actual: string, expected: string): InvalidDataError {
    return new InvalidDataError({
      source: this.#source,
      location: `byte ${this.#position}`,
      actual,
      expected,
    });
  }

  #advance(length: number): number {
    const start = this.#position;
    if (!(length >= 0) || start + length > this.#bytes.length) {
      throw this.error(`ends at byte ${this.#bytes.length}`, `${length} more bytes`);
    }
    this.#position = start + length;
    return start;
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return Buffer.from(this.bytes(length)).toString("utf8");
  }

  /** A line of text, without its end. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.#position);
    if (end < 0) throw this.error("a line without an end", "a newline");
    const text = this.text(end - this.#position);
    this.#position += 1;
    return text;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length of 64 bits. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A signed little-endian integer of some bytes; its digits beyond 2^53 are lost. */
  long(length: number): number {
    let value = 0n;
    const bytes = this.bytes(length);
    for (let index = length - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(bytes[index]);
    return Number(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
  }
}
