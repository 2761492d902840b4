import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  // Optional dependencies, which tsup would bundle.
  external: ["onnxruntime-node", "koffi"],
  // The place of the native library is found from this module's, which CommonJS knows by another name.
  shims: true,
});
