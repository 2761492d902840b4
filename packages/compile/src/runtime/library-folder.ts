import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of the native libraries within the package onnxruntime-node. */
export function libraryFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  const root = join(dirname(resolve("onnxruntime-node/package.json")), "bin");
  const [interfaceFolder] = readdirSync(root).filter((name) => name.startsWith("napi-"));
  return join(root, interfaceFolder, process.platform, process.arch);
}
