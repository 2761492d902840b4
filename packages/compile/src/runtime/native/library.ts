import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UnsupportedError } from "@dmrec/core";
import type { LibraryHandle } from "koffi";
import { libraryFolder } from "../library-folder";
import {
  checkedVersion,
  type FunctionName,
  functionCount,
  functions,
  interfaceVersion,
} from "./function-table";

/** A pointer into native memory. */
export type Pointer = bigint;

/** ONNX Runtime's native library with the functions of its C interface. */
export interface NativeLibrary {
  readonly call: Readonly<Record<FunctionName, (...args: unknown[]) => unknown>>;
  /** Held, because a handle that nothing holds unloads its library. */
  readonly handle: LibraryHandle;
}

/**
 * Loads the library that onnxruntime-node ships.
 *
 * @throws UnsupportedError if the library is missing or of another version than the function table.
 * @throws if koffi or the library does not load.
 */
export async function loadLibrary(): Promise<NativeLibrary> {
  const { default: koffi } = await import("koffi");
  const handle = koffi.load(libraryFile());
  const base: Pointer = handle.func("OrtGetApiBase", "void *", [])();
  const [getApi, getVersion]: Pointer[] = koffi.decode(base, "void *", 2);
  assertCheckedVersion(String(koffi.call(getVersion, koffi.proto("const char *()"))));
  const table: Pointer = koffi.call(getApi, koffi.proto("void *", ["uint32_t"]), interfaceVersion);
  const pointers: Pointer[] = koffi.decode(table, "void *", functionCount);
  const created = koffi.out(koffi.pointer("void *"));
  const decoded = Object.entries(functions).map(([name, [place, result, parameters]]) => {
    const types = parameters.map((parameter) => (parameter === "out" ? created : parameter));
    return [name, koffi.decode(pointers[place], koffi.proto(result, types))];
  });
  return { call: Object.fromEntries(decoded), handle };
}

/** @throws UnsupportedError if the function table was not checked with this version of ONNX Runtime. */
export function assertCheckedVersion(version: string): void {
  const [major, minor] = version.split(".");
  if (`${major}.${minor}` === checkedVersion) return;
  throw new UnsupportedError(`the library is ONNX Runtime ${version}; expected ${checkedVersion}`);
}

/** The native library within the package onnxruntime-node. */
function libraryFile(): string {
  const folder = libraryFolder();
  const file = readdirSync(folder).find((name) =>
    /^(libonnxruntime\.(so|.*dylib)|onnxruntime\.dll)/.test(name),
  );
  if (file === undefined) throw new UnsupportedError(`${folder} holds no ONNX Runtime library`);
  return join(folder, file);
}
