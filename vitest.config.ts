import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { folderInMemory } from "./testing/folder-in-memory.ts";
import LongestFirst from "./testing/longest-first.ts";

const temporary = folderInMemory();

const testsOf = (folders: string) => [`${folders}/src/**/*.test.ts`];

/** Tests of what a process decides once, such as how it calls ONNX Runtime. */
const ownProcess = ["packages/compile/src/runtime/create-session.test.ts"];

const tensorTests = {
  setupFiles: ["./vitest.setup.ts"],
  // tfjs publishes its gradients as 200 ES modules that Node.js does not read as such: one bundle of them loads faster.
  deps: {
    optimizer: { ssr: { enabled: true, include: ["@tensorflow/tfjs-core/dist/register_all_gradients.js"] } },
  },
};

export default defineConfig({
  resolve: {
    // Tests read the sources of the packages, so that a failing line is a line of this repository.
    alias: [
      { find: "@dmrec/core/files", replacement: `${import.meta.dirname}/packages/core/src/files/index.ts` },
      {
        find: "@dmrec/layers/testing",
        replacement: `${import.meta.dirname}/packages/layers/src/testing/index.ts`,
      },
      { find: /^@dmrec\/([a-z-]+)$/, replacement: `${import.meta.dirname}/packages/$1/src/index.ts` },
      { find: /^dmrec$/, replacement: `${import.meta.dirname}/packages/dmrec/src/index.ts` },
    ],
  },
  test: {
    // Vitest would leave a core to its own process, which does little. Files that wait for processes and timers leave another.
    maxWorkers: availableParallelism() + 1,
    // The files that run at a time share the cores. Threads of each would wait for those of others, and keep cores busy meanwhile.
    env: { DMREC_THREADS: "1", ...(temporary && { TMPDIR: temporary }) },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./vitest.summary-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "plain",
          include: [
            ...testsOf("packages/{core,linear-algebra,data,eval,encoders,report}"),
            "tools/*.test.ts",
          ],
          isolate: false,
        },
      },
      // They start processes, or change the directory of their own.
      {
        extends: true,
        test: { name: "programs", include: testsOf("{benchmarks,examples,packages/workers}") },
      },
      {
        extends: true,
        // One load of the AI SDK for all files halves the time.
        test: { name: "profiles", include: testsOf("packages/profiles"), isolate: false },
      },
      {
        extends: true,
        test: {
          ...tensorTests,
          name: "tensors",
          include: testsOf("packages/{base-models,baselines,matching,compile,trainer,serving,web,dmrec}"),
          exclude: ownProcess,
          // One load of tfjs for all files halves the time.
          isolate: false,
        },
      },
      {
        extends: true,
        // By themselves: they run on every backend of the process, and the compiler's records, but computes nothing.
        test: {
          ...tensorTests,
          name: "layers",
          include: testsOf("packages/{layers,distributions}"),
          isolate: false,
        },
      },
      { extends: true, test: { ...tensorTests, name: "own process", include: ownProcess } },
      {
        extends: true,
        // Vite's bundle of tfjs would load Hono twice, and its errors would be of two classes.
        test: { name: "server", include: testsOf("packages/server"), isolate: false },
      },
    ],
  },
});
