import { RuntimeError } from "@dmrec/core";
import { onnxTypes } from "../../graph/element-types";
import { type ElementArray, type ElementType, sizeOf } from "../../graph/graph";
import { constants, type FunctionName } from "./function-table";
import { loadLibrary, type NativeLibrary, type Pointer } from "./library";

/** ONNX Runtime's C interface, with errors instead of statuses. */
export class CInterface {
  readonly #library: NativeLibrary;
  readonly #environment: Pointer;
  readonly #memory: Pointer;

  private constructor(library: NativeLibrary) {
    this.#library = library;
    this.#environment = this.#create("createEnv", constants.logErrors, "dmrec");
    this.#memory = this.#create("createCpuMemory", constants.arenaAllocator, constants.defaultMemory);
    this.#shareMemory();
  }

  /** @throws if the library does not load, or is of another version than this interface was checked with. */
  static async load(): Promise<CInterface> {
    return new CInterface(await loadLibrary());
  }

  createSession(
    model: Uint8Array,
    { threads, profilingPrefix }: { threads: number; profilingPrefix?: string | undefined },
  ): Pointer {
    const options = this.#create("createSessionOptions");
    try {
      this.#check("setIntraOpThreads", options, threads);
      this.#check("addSessionConfigEntry", options, "session.use_env_allocators", "1");
      this.#check("addSessionConfigEntry", options, "session.force_spinning_stop", "1");
      // A pattern would claim one piece for all values of a run beside those that the first run has left in the arena.
      this.#check("disableMemoryPattern", options);
      if (profilingPrefix !== undefined) this.#check("enableProfiling", options, profilingPrefix);
      return this.#create("createSessionFromArray", this.#environment, model, model.length, options);
    } finally {
      this.#library.call.releaseSessionOptions(options);
    }
  }

  releaseSession(session: Pointer): void {
    this.#library.call.releaseSession(session);
  }

  /** A tensor over an array, which must outlive it. */
  createTensor(type: ElementType, shape: readonly number[], array: ElementArray): Pointer {
    const dimensions = BigInt64Array.from(shape, BigInt);
    // A native pointer needs something to point to, even without elements.
    const data = sizeOf(shape) === 0 ? new Uint8Array(8) : array;
    return this.#create(
      "createTensor",
      this.#memory,
      data,
      array.byteLength,
      dimensions,
      shape.length,
      onnxTypes[type],
    );
  }

  releaseTensor(tensor: Pointer): void {
    this.#library.call.releaseTensor(tensor);
  }

  run(
    session: Pointer,
    inputNames: readonly string[],
    inputs: readonly Pointer[],
    outputNames: readonly string[],
    outputs: readonly Pointer[],
  ): void {
    this.#check(
      "run",
      session,
      null,
      inputNames,
      inputs,
      inputs.length,
      outputNames,
      outputs.length,
      outputs,
    );
  }

  /** One arena for the intermediate values of all sessions: they run one at a time, and each would keep an arena of its own. */
  #shareMemory(): void {
    const configuration = this.#create(
      "createArenaConfiguration",
      constants.unlimited,
      constants.growAsRequested,
      constants.asDefault,
      constants.asDefault,
    );
    this.#check("createAndRegisterAllocator", this.#environment, this.#memory, configuration);
    this.#library.call.releaseArenaConfiguration(configuration);
  }

  #create(name: FunctionName, ...args: unknown[]): Pointer {
    const created: [Pointer | null] = [null];
    this.#check(name, ...args, created);
    if (created[0] === null) throw new RuntimeError(`ONNX Runtime's ${name} made nothing`);
    return created[0];
  }

  #check(name: FunctionName, ...args: unknown[]): void {
    const status = this.#library.call[name](...args);
    if (status === null) return;
    const message = this.#library.call.getErrorMessage(status);
    this.#library.call.releaseStatus(status);
    throw new RuntimeError(`ONNX Runtime: ${message}`);
  }
}
