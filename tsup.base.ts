import type { Options } from "tsup";

/** The build of every package: ESM and CJS with types; dependencies stay outside, so a process holds one copy of tfjs. */
export const library: Options = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: true,
  clean: true,
  sourcemap: true,
  treeshake: true,
  target: "node20",
};
