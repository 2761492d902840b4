import { defineConfig } from "tsup";
import { library } from "../tsup.base";

// Programs that start a process for each run: built, it loads in half of the time that tsx takes.
const programs = ["accuracy", "accuracy-worker", "experiments", "experiments-worker", "paper", "worker-pool"];

export default defineConfig({
  ...library,
  entry: programs.map((name) => `src/${name}.ts`),
  format: ["esm"],
});
