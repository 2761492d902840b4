import { sizeOf, type Value } from "../graph/graph";
import type { HostTensor } from "../runtime/session";
import type { Memory, StoredArray } from "./memory";

interface Buffers {
  readonly shape: readonly number[];
  current: Float32Array;
  /** The target of the next run that writes it; made when there is one. */
  next: Float32Array | undefined;
}

/**
 * The memory of the host. Each name has two arrays that swap roles, so no run reads what it writes and nothing is
 * allocated from one run to the next.
 */
export class HostMemory implements Memory {
  readonly place = "host";
  readonly reason: string | undefined;
  readonly #buffers = new Map<string, Buffers>();

  constructor(reason?: string) {
    this.reason = reason;
  }

  write(arrays: Readonly<Record<string, StoredArray>>): void {
    for (const [name, { shape, values }] of Object.entries(arrays)) {
      const next = this.#buffers.get(name)?.next;
      this.#buffers.set(name, { shape, current: values.slice(), next });
    }
  }

  async read(names: readonly string[]): Promise<Record<string, StoredArray>> {
    const present = names.flatMap((name) => {
      const buffers = this.#buffers.get(name);
      return buffers ? [[name, { shape: buffers.shape, values: buffers.current.slice() }] as const] : [];
    });
    return Object.fromEntries(present);
  }

  ensure(name: string, shape: readonly number[]): void {
    if (this.#buffers.has(name)) return;
    this.#buffers.set(name, { shape, current: new Float32Array(sizeOf(shape)), next: undefined });
  }

  has(name: string): boolean {
    return this.#buffers.has(name);
  }

  keepOnly(names: readonly string[]): void {
    for (const name of this.#buffers.keys()) if (!names.includes(name)) this.#buffers.delete(name);
  }

  async release(): Promise<void> {
    this.#buffers.clear();
  }

  async feed(value: Value): Promise<HostTensor> {
    return { value, array: this.#get(value.name).current };
  }

  async constant(constant: HostTensor): Promise<HostTensor> {
    return constant;
  }

  fetch(name: string, value: Value): HostTensor {
    this.ensure(name, value.shape);
    const buffers = this.#get(name);
    buffers.next ??= new Float32Array(buffers.current.length);
    return { value, array: buffers.next };
  }

  commit(names: readonly string[]): void {
    for (const name of names) {
      const buffers = this.#get(name);
      if (!buffers.next) continue;
      [buffers.current, buffers.next] = [buffers.next, buffers.current];
    }
  }

  #get(name: string): Buffers {
    const buffers = this.#buffers.get(name);
    if (!buffers) throw new RangeError(`the memory has no array called "${name}"`);
    return buffers;
  }
}
