import { type ElementArray, sizeOf, type Value } from "../graph/graph";
import type { DeviceTensor, Feed, Fetch, HostTensor } from "../runtime/session";
import type { SessionSettings } from "../runtime/session-options";
import type { Memory, StoredArray } from "./memory";
import { Transfer } from "./transfer";

/** An array on the device, or on the host until the first run that reads it. */
interface Entry {
  readonly shape: readonly number[];
  readonly content: Float32Array | DeviceTensor;
}

/** The memory of the device that computes. Arrays go there at the first run that reads them, and stay. */
export class DeviceMemory implements Memory {
  readonly place = "device";
  readonly #transfer: Transfer;
  readonly #entries = new Map<string, Entry>();
  /** The constants on the device by the host's arrays of them. */
  readonly #constants = new Map<ElementArray, DeviceTensor>();
  /** Tensors that nothing leads to any longer, but that a run in progress may read. */
  #stale: DeviceTensor[] = [];

  private constructor(transfer: Transfer) {
    this.#transfer = transfer;
  }

  /** @throws DMRecError if the provider cannot leave arrays on its device. */
  static async create(settings: SessionSettings): Promise<DeviceMemory> {
    const transfer = await Transfer.create(settings);
    return new DeviceMemory(transfer);
  }

  write(arrays: Readonly<Record<string, StoredArray>>): void {
    for (const [name, { shape, values }] of Object.entries(arrays))
      this.#set(name, { shape, content: values.slice() });
  }

  async read(names: readonly string[]): Promise<Record<string, StoredArray>> {
    const present: Record<string, StoredArray> = {};
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (!entry) continue;
      const { shape, content } = entry;
      const values = content instanceof Float32Array ? content.slice() : await this.#transfer.toHost(content);
      present[name] = { shape, values };
    }
    return present;
  }

  ensure(name: string, shape: readonly number[]): void {
    if (!this.#entries.has(name)) this.#set(name, { shape, content: new Float32Array(sizeOf(shape)) });
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  keepOnly(names: readonly string[]): void {
    for (const name of [...this.#entries.keys()]) if (!names.includes(name)) this.#delete(name);
  }

  async release(): Promise<void> {
    this.keepOnly([]);
    this.#stale.push(...this.#constants.values());
    this.#constants.clear();
    this.#disposeStale();
    await this.#transfer.release();
  }

  async feed(value: Value): Promise<Feed> {
    const entry = this.#entries.get(value.name);
    if (!entry) throw new RangeError(`the memory has no array called "${value.name}"`);
    if (!(entry.content instanceof Float32Array)) return { value, tensor: entry.content.tensor };
    const content = await this.#transfer.toDevice({ value, array: entry.content });
    this.#entries.set(value.name, { shape: entry.shape, content });
    return content;
  }

  async constant(constant: HostTensor): Promise<Feed> {
    const { value, array } = constant;
    if (value.type !== "float32" && value.type !== "int32") return constant;
    const known = this.#constants.get(array) ?? (await this.#transfer.toDevice(constant));
    this.#constants.set(array, known);
    return { value, tensor: known.tensor };
  }

  fetch(_name: string, value: Value): Fetch {
    return { value };
  }

  commit(names: readonly string[], staying: readonly DeviceTensor[]): void {
    for (const [index, name] of names.entries())
      this.#set(name, { shape: staying[index].value.shape, content: staying[index] });
    this.#disposeStale();
  }

  #set(name: string, entry: Entry): void {
    this.#delete(name);
    this.#entries.set(name, entry);
  }

  #delete(name: string): void {
    const content = this.#entries.get(name)?.content;
    if (content && !(content instanceof Float32Array)) this.#stale.push(content);
    this.#entries.delete(name);
  }

  /** Frees tensors on the device: the garbage collector does not know of its memory. */
  #disposeStale(): void {
    for (const { tensor } of this.#stale) tensor.dispose();
    this.#stale = [];
  }
}
