import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // Tests read the sources of the packages, so that a failing line is a line of this repository.
    alias: [
      { find: /^@dmrec\/([a-z-]+)$/, replacement: `${import.meta.dirname}/packages/$1/src/index.ts` },
      { find: /^dmrec$/, replacement: `${import.meta.dirname}/packages/dmrec/src/index.ts` },
    ],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "benchmarks/src/**/*.test.ts", "examples/src/**/*.test.ts"],
    setupFiles: ["./vitest.setup.ts"],
    testTimeout: 60_000,
    server: { deps: { inline: [/tfjs-core\/dist\/register_all_gradients/, /tfjs-core\/dist\/gradients/] } },
    reporters: ["default", "./vitest.summary-reporter.ts"],
  },
});
