import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  // One for Node.js, which reads files; one for browsers, which bundlers choose by the condition `browser`.
  entry: ["src/index.ts", "src/browser.ts"],
});
