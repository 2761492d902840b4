import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig([
  { ...library, clean: false },
  {
    entry: ["src/cli.ts"],
    format: ["esm"],
    target: "node20",
    sourcemap: true,
    banner: { js: "#!/usr/bin/env node" },
  },
]);
