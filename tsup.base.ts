import type { Options } from "tsup";

/**
 * The build of every package: ESM and CJS. Dependencies stay outside, so a process holds one copy of tfjs.
 * tools/declarations.ts writes the types of all packages at once.
 */
export const library: Options = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: false,
  clean: true,
  sourcemap: true,

  target: "node20",
};
