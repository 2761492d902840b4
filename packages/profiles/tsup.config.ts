import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  // ESM alone: bundled, so that the CJS build loads on every Node.js 20.
  noExternal: ["tokenx"],
  external: ["bullmq"],
});
