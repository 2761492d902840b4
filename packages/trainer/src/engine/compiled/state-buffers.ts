import type { NamedArrays } from "../../artifacts/safetensors";

interface Buffers {
  readonly shape: readonly number[];
  current: Float32Array;
  /** The target of the next step; made when there is one. */
  next: Float32Array | undefined;
}

/**
 * The state that steps read and write. Each part has two arrays that swap roles, so no step reads what it writes and
 * nothing is allocated from one step to the next.
 */
export class StateBuffers {
  readonly #buffers = new Map<string, Buffers>();

  /** Stores a copy of each array. */
  write(arrays: NamedArrays): void {
    for (const [name, { shape, values }] of Object.entries(arrays)) {
      const next = this.#buffers.get(name)?.next;
      this.#buffers.set(name, { shape, current: values.slice(), next });
    }
  }

  /** Copies of the present arrays with these names. */
  read(names: readonly string[]): NamedArrays {
    const present = names.flatMap((name) => {
      const buffers = this.#buffers.get(name);
      return buffers ? [[name, { shape: buffers.shape, values: buffers.current.slice() }] as const] : [];
    });
    return Object.fromEntries(present);
  }

  /** Adds zeros under a name that has no array yet. */
  ensure(name: string, shape: readonly number[]): void {
    if (this.#buffers.has(name)) return;
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    this.#buffers.set(name, { shape, current: new Float32Array(size), next: undefined });
  }

  /** Removes every array except those with these names. */
  keepOnly(names: readonly string[]): void {
    for (const name of this.#buffers.keys()) if (!names.includes(name)) this.#buffers.delete(name);
  }

  current(name: string): Float32Array | undefined {
    return this.#buffers.get(name)?.current;
  }

  /** The array that the next step writes. */
  next(name: string): Float32Array {
    const buffers = this.#get(name);
    buffers.next ??= new Float32Array(buffers.current.length);
    return buffers.next;
  }

  /** Makes the arrays that a step has written the present state. */
  swap(names: readonly string[]): void {
    for (const name of names) {
      const next = this.next(name);
      const buffers = this.#get(name);
      buffers.next = buffers.current;
      buffers.current = next;
    }
  }

  #get(name: string): Buffers {
    const buffers = this.#buffers.get(name);
    if (!buffers) throw new RangeError(`there is no state called "${name}"`);
    return buffers;
  }
}
