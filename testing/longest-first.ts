import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Projects in the order of their runs. The last has the most short files, so that the end keeps every core busy. */
const projects = ["programs", "profiles", "server", "plain", "own process", "layers", "tensors"];

/** Files that take the most time, the longest first. Vitest knows no times at the first run, and would take the largest files first. */
const longest = [
  "examples/src/guides.test.ts",
  "examples/src/examples.test.ts",
  "examples/src/docs-site.test.ts",
  "benchmarks/src/experiments.test.ts",
  "examples/src/readmes.test.ts",
  "packages/workers/src/run-tasks.test.ts",
  "packages/profiles/src/make/queued/profile-queue.test.ts",
  "packages/profiles/src/run/killed-run.test.ts",
  "packages/dmrec/src/contract.test.ts",
  "packages/dmrec/src/cli/search.test.ts",
  "packages/web/src/page/page.test.ts",
  "packages/dmrec/src/cli/compare.test.ts",
  "packages/trainer/src/engine/webgpu.test.ts",
  "packages/trainer/src/engine/engines.test.ts",
  "packages/trainer/src/resume.test.ts",
  "packages/trainer/src/open-model.test.ts",
  "packages/serving/src/precision.test.ts",
  "packages/trainer/src/kill.test.ts",
  "packages/compile/src/kernels/kernels.test.ts",
  "packages/trainer/src/engine/training-steps.golden.test.ts",
  "packages/dmrec/src/cli/run-commands.test.ts",
  "packages/serving/src/large-catalogue.test.ts",
  "packages/trainer/src/sampled-softmax.test.ts",
  "packages/dmrec/src/cli/profiles.test.ts",
  "packages/dmrec/src/cli/serve.test.ts",
];

/** Starts the longest files of each project first: a long one that starts last keeps one core busy, and leaves the others idle. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((file) => moduleId.endsWith(file));
      return index < 0 ? longest.length : index;
    };
    const project = (file: TestSpecification) => projects.indexOf(file.project.name);
    return (await super.sort(files)).sort((a, b) => project(a) - project(b) || place(a) - place(b));
  }
}
