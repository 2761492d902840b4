import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  entry: { index: "src/index.ts", testing: "src/testing/index.ts" },
});
