import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine, writeFolder } from "./testing/run-command";

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-config-"));
  data = join(folder, "data");
  await writeFolder(data);
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains with a configuration file of some content. */
async function train(name: string, content: string, ...args: readonly string[]) {
  const file = join(folder, name);
  await writeFile(file, content);
  return runCommandLine("train", "--config", file, "--json", ...args);
}
const recordOf = async (run: string) => JSON.parse(await readFile(join(folder, run, "run.json"), "utf8"));

let refused = 0;

describe("a configuration file", () => {
  it("gives a command its flags, as TypeScript with types; the command line wins", async () => {
    const out = JSON.stringify(join(folder, "typed"));
    const content = `import { defineConfig } from "dmrec";
      const base: string = "popularity";
      export default defineConfig({ train: { data: ${JSON.stringify(data)}, out: ${out}, base, seed: 7, kCore: 1, monitor: "ndcg@10" } });`;
    const { stderr, status } = await train("dmrec.config.ts", content, "--seed", "9");
    expect([stderr.includes("Error"), status]).toEqual([false, 0]);
    const { data: flags, training } = await recordOf("typed");
    expect(flags).toMatchObject({ seed: 9, kCore: 1 });
    expect(training.evaluation.monitor).toBe("ndcg@10");
    // What the file says of a run is what the flags would.
    expect(Object.keys(flags)).not.toContain("config");
  });

  it("warns of a flag that the model does not read, because the file may serve several models", async () => {
    const content = JSON.stringify({ train: { data, out: join(folder, "shared"), hidden: 16, latent: 8 } });
    const { stderr, status } = await train("shared.json", content, "--base", "popularity");
    expect(stderr).toMatch(
      /Warning: dmrec train: hidden of the configuration file has no effect, because popularity does not read it\n/,
    );
    expect(status).toBe(0);
    const typed = await train("shared.json", content, "--base", "popularity", "--latent", "4");
    expect(typed.stderr).toMatch(/Error: dmrec train: --latent: has no effect/);
  });

  it("takes lists, names with commas and switches of JSON", async () => {
    const run = join(folder, "json");
    const file = join(folder, "flags.json");
    const config = {
      train: { data, out: run, base: "popularity", fresh: true },
      evaluate: { cutoffs: [5, 10] },
      recommend: { items: ["Song 2, live", "item-4"], count: 3, json: true },
    };
    await writeFile(file, JSON.stringify(config));
    expect((await runCommandLine("train", "--config", file)).status).toBe(0);
    const measured = JSON.parse((await runCommandLine("evaluate", run, "--config", file, "--json")).stdout);
    expect(Object.keys(measured.metrics)).toEqual(["recall@5", "recall@10", "ndcg@5", "ndcg@10"]);
    const { items } = JSON.parse((await runCommandLine("recommend", run, "--config", file)).stdout);
    expect(items).toHaveLength(3);
    const ids = items.map(({ itemId }: { itemId: string }) => itemId);
    for (const id of ["item-2", "item-4"]) expect(ids).not.toContain(id);
    // The command line replaces a list of the file.
    const other = await runCommandLine("recommend", run, "--config", file, "--items", "item-6");
    expect(JSON.parse(other.stdout).items.map(({ itemId }: { itemId: string }) => itemId)).not.toContain(
      "item-6",
    );
  });

  it.each([
    ["{ trian: {} }", /refused-1\.mjs, trian: no such command; did you mean train\?/],
    ["{ train: { epoch: 3 } }", /train\.epoch: no such flag of dmrec train; did you mean epochs\?/],
    ["{ train: { zzzzzzzz: 3 } }", /train\.zzzzzzzz: no such flag of dmrec train; expected one of out, base/],
    ['{ train: { epochs: "ten" } }', /train\.epochs: "ten"; expected a number/],
    ["{ train: { splitBy: 'size' } }", /train\.splitBy: "size"; Allowed choices are random, time/],
    ["{ train: { fresh: 'yes' } }", /train\.fresh: "yes"; expected true or false/],
    ["{ train: [] }", /train: \[\]; expected an object/],
    ["{ train: ", /refused-8\.mjs: cannot be read .*; expected export default defineConfig/],
  ])("is refused by name: %s", async (config, message) => {
    // A name of its own: a process reads one file, and Node.js keeps it.
    refused += 1;
    const file = `refused-${refused}.mjs`;
    const { stderr, status } = await train(file, `export default ${config}`, "--out", "x");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  it("is refused if it is not there", async () => {
    const { stderr } = await runCommandLine("train", "--config", join(folder, "none.ts"), "--out", "x");
    expect(stderr).toMatch(/none\.ts: is not there; name a configuration file with --config/);
  });
});
