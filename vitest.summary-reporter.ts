import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line, "N passed, N failed, N skipped", for people and programs that read logs. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    const broken = modules.filter((module) => module.errors().length > 0).length;
    // Printed after the default reporter's own summary.
    process.on("exit", () => {
      console.log(`${counts.passed} passed, ${counts.failed + broken} failed, ${counts.skipped} skipped`);
    });
  }
}
