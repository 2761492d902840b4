import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  entry: { index: "src/index.ts", files: "src/files/index.ts" },
  // An ES module only: bundled, so the CJS build loads on every Node.js 20.
  noExternal: ["@noble/hashes"],
});
