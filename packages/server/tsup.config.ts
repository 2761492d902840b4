import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  // The file of the model's thread is found from this module's place, which CommonJS knows by another name.
  shims: true,
  onSuccess: () => copyFile("src/onnx-thread.mjs", "dist/onnx-thread.mjs"),
});
