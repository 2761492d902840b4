import { readdirSync } from "node:fs";
import { UnsupportedError } from "@dmrec/core";
import { libraryFolder } from "../library-folder";
import type { SessionSettings } from "../session-options";

/**
 * Refuses CUDA where onnxruntime-node was installed without its library. ONNX Runtime refuses it, too, but prints lines of its
 * own first, which cannot be caught.
 *
 * @throws UnsupportedError
 */
export function assertProvider(executionProvider: SessionSettings["executionProvider"]): void {
  if (executionProvider !== "cuda") return;
  const folder = libraryFolder();
  if (readdirSync(folder).some((name) => name.includes("providers_cuda"))) return;
  throw new UnsupportedError(
    `ONNX Runtime does not start on "cuda": ${folder} has no library for CUDA, which the install script of onnxruntime-node downloads on Linux and Windows; choose a provider that this machine has, such as "cpu", the default`,
  );
}
