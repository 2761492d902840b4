import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Runs a command that takes some time to stop, and signals it at the given times after its start. */
function interrupted(saving: number, signals: readonly number[]) {
  const source = `
    import { Interrupted, runCommand } from ${JSON.stringify(join(import.meta.dirname, "interruption.ts"))};
    await runCommand(async (signal) => {
      await new Promise((done) => {
        const work = setInterval(() => {}, 1000);
        const save = () => {
          clearInterval(work);
          done();
        };
        signal.addEventListener("abort", () => setTimeout(save, ${saving}));
        console.log("started");
      });
      throw new Interrupted("saved");
    });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", source], {
    cwd: import.meta.dirname,
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk;
  });
  child.stdout.once("data", () => {
    for (const delay of signals) setTimeout(() => child.kill("SIGINT"), delay);
  });
  return new Promise((resolve) =>
    child.on("close", (code) => resolve({ code, saved: /^saved$/m.test(errors) })),
  );
}

it("lets a command save after Ctrl-C, even if a wrapper forwards it once more", async () => {
  expect(await interrupted(800, [0, 50])).toEqual({ code: 130, saved: true });
});

it("ends a command immediately after the second Ctrl-C", async () => {
  expect(await interrupted(15_000, [0, 700])).toEqual({ code: 130, saved: false });
});
