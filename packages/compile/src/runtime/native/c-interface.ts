import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RuntimeError, UnsupportedError } from "@dmrec/core";
import type koffi from "koffi";
import type { LibraryHandle } from "koffi";
import { onnxTypes } from "../../graph/element-types";
import { type ElementArray, type ElementType, sizeOf } from "../../graph/graph";

type Koffi = typeof koffi;

/** A pointer into native memory. */
type Pointer = bigint;

/**
 * Places in the table of functions that ONNX Runtime's C interface hands out, with their results and parameters. Later
 * versions of the interface contain all earlier ones unchanged.
 */
const interfaceVersion = 8;
/** The version of ONNX Runtime that these places were checked with. Another one is refused, and the binding runs graphs. */
const checkedVersion = "1.30";
const functions = {
  getErrorMessage: [2, "const char *", ["void *"]],
  createEnv: [3, "void *", ["int", "const char *", "out"]],
  createSessionFromArray: [8, "void *", ["void *", "const void *", "size_t", "void *", "out"]],
  run: [
    9,
    "void *",
    ["void *", "void *", "const char **", "void **", "size_t", "const char **", "size_t", "void **"],
  ],
  createSessionOptions: [10, "void *", ["out"]],
  enableProfiling: [14, "void *", ["void *", "const char *"]],
  disableMemoryPattern: [17, "void *", ["void *"]],
  setIntraOpThreads: [24, "void *", ["void *", "int"]],
  createTensor: [49, "void *", ["void *", "void *", "size_t", "const int64_t *", "size_t", "int", "out"]],
  createCpuMemory: [69, "void *", ["int", "int", "out"]],
  releaseStatus: [93, "void", ["void *"]],
  releaseSession: [95, "void", ["void *"]],
  releaseTensor: [96, "void", ["void *"]],
  releaseSessionOptions: [100, "void", ["void *"]],
  addSessionConfigEntry: [130, "void *", ["void *", "const char *", "const char *"]],
  createAndRegisterAllocator: [144, "void *", ["void *", "void *", "void *"]],
  createArenaConfiguration: [156, "void *", ["size_t", "int", "int", "int", "out"]],
  releaseArenaConfiguration: [157, "void", ["void *"]],
} as const;
const functionCount = 158;

const logErrors = 3;
const arenaAllocator = 1;
const defaultMemory = 0;
const unlimited = 0;
const growAsRequested = 1;
const asDefault = -1;

/** ONNX Runtime's C interface, of the library that onnxruntime-node ships. */
export class CInterface {
  readonly #call: Readonly<Record<keyof typeof functions, (...args: unknown[]) => unknown>>;
  readonly #environment: Pointer;
  readonly #memory: Pointer;
  /** Held, because a handle that nothing holds unloads its library. */
  readonly library: LibraryHandle;

  private constructor(koffi: Koffi) {
    this.library = koffi.load(libraryFile());
    const base: Pointer = this.library.func("OrtGetApiBase", "void *", [])();
    const [getApi, getVersion]: Pointer[] = koffi.decode(base, "void *", 2);
    assertVersion(String(koffi.call(getVersion, koffi.proto("const char *()"))));
    const table: Pointer = koffi.call(getApi, koffi.proto("void *", ["uint32_t"]), interfaceVersion);
    const pointers: Pointer[] = koffi.decode(table, "void *", functionCount);
    const created = koffi.out(koffi.pointer("void *"));
    const decoded = Object.entries(functions).map(([name, [place, result, parameters]]) => {
      const types = parameters.map((parameter) => (parameter === "out" ? created : parameter));
      return [name, koffi.decode(pointers[place], koffi.proto(result, types))];
    });
    this.#call = Object.fromEntries(decoded);
    this.#environment = this.#create("createEnv", logErrors, "dmrec");
    this.#memory = this.#create("createCpuMemory", arenaAllocator, defaultMemory);
    this.#shareMemory();
  }

  /** @throws if koffi or the library does not load. */
  static async load(): Promise<CInterface> {
    const { default: koffi } = await import("koffi");
    return new CInterface(koffi);
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
      this.#call.releaseSessionOptions(options);
    }
  }

  releaseSession(session: Pointer): void {
    this.#call.releaseSession(session);
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
    this.#call.releaseTensor(tensor);
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
      unlimited,
      growAsRequested,
      asDefault,
      asDefault,
    );
    this.#check("createAndRegisterAllocator", this.#environment, this.#memory, configuration);
    this.#call.releaseArenaConfiguration(configuration);
  }

  #create(name: keyof typeof functions, ...args: unknown[]): Pointer {
    const created: [Pointer | null] = [null];
    this.#check(name, ...args, created);
    if (created[0] === null) throw new RuntimeError(`ONNX Runtime's ${name} made nothing`);
    return created[0];
  }

  #check(name: keyof typeof functions, ...args: unknown[]): void {
    const status = this.#call[name](...args);
    if (status === null) return;
    const message = this.#call.getErrorMessage(status);
    this.#call.releaseStatus(status);
    throw new RuntimeError(`ONNX Runtime: ${message}`);
  }
}

function assertVersion(version: string): void {
  if (version.split(".").slice(0, 2).join(".") === checkedVersion) return;
  throw new UnsupportedError(`the library is ONNX Runtime ${version}; expected ${checkedVersion}`);
}

/** The native library within the package onnxruntime-node. */
function libraryFile(): string {
  const { resolve } = createRequire(import.meta.url);
  const root = join(dirname(resolve("onnxruntime-node/package.json")), "bin");
  const [interfaceFolder] = readdirSync(root).filter((name) => name.startsWith("napi-"));
  const folder = join(root, interfaceFolder, process.platform, process.arch);
  const file = readdirSync(folder).find((name) =>
    /^(libonnxruntime\.(so|.*dylib)|onnxruntime\.dll)/.test(name),
  );
  if (file === undefined) throw new UnsupportedError(`${folder} holds no ONNX Runtime library`);
  return join(folder, file);
}
