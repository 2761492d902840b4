import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { libraryFolder } from "../library-folder";

const hasCuda = readdirSync(libraryFolder()).some((name) => name.includes("providers_cuda"));

describe.skipIf(hasCuda)("CUDA that onnxruntime-node was installed without", () => {
  it("is refused in one sentence, without lines of ONNX Runtime", async () => {
    const program = `import { describeRuntime } from "@dmrec/compile";
      await describeRuntime({ executionProvider: "cuda" }).catch((error) => console.log(error.message));`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { cwd: import.meta.dirname },
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ONNX Runtime does not start on "cuda": .* has no library for CUDA, .*\n$/);
  });
});
