import { constants } from "node:buffer";
import { InvalidDataError } from "@dmrec/core";

/** Reads the opcodes of a pickle and their arguments, and locates errors. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #source: string;
  #position = 0;
  #opcodePosition = 0;

  constructor(bytes: Uint8Array, source: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#source = source;
  }

  /** The number of bytes that are not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /** An error at the byte of the last opcode. */
  error(actual: string, expected: string): InvalidDataError {
    const location = `byte ${this.#opcodePosition}`;
    return new InvalidDataError({ source: this.#source, location, actual, expected });
  }

  opcode(): number {
    this.#opcodePosition = this.#position;
    return this.uint8();
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    if (length > constants.MAX_STRING_LENGTH) {
      throw this.error(`a text of ${length} bytes`, `at most ${constants.MAX_STRING_LENGTH}`);
    }
    return Buffer.from(this.bytes(length)).toString("utf8");
  }

  /** A line of text, without its end. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw this.error("a line that does not end", "a newline");
    const text = this.text(end - this.#position);
    this.#advance(1);
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

  /** A length. One beyond 2^53 loses digits, but is too long in any case. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A signed integer of up to 8 bytes. One beyond 2^53 loses digits. */
  integer(length: number): number {
    if (length > 8) throw this.error(`an integer of ${length} bytes`, "at most 8 bytes");
    const bytes = this.bytes(length);
    const bits = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * length, bits));
  }

  #advance(length: number): number {
    const start = this.#position;
    if (length > this.remaining) {
      throw this.error(`the file ends at byte ${this.#bytes.length}`, `${length} bytes from byte ${start}`);
    }
    this.#position = start + length;
    return start;
  }
}
