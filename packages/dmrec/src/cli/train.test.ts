import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holdDirectory } from "./run/hold-directory";
import { quickTraining, runCommandLine, writeFolder } from "./testing/run-command";

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-train-"));
  data = join(folder, "data");
  await writeFolder(data);
});
afterAll(() => rm(folder, { recursive: true }));

const train = (run: string, ...args: readonly string[]) =>
  runCommandLine("train", "--data", data, "--out", join(folder, run), ...quickTraining, ...args);
const trainIn = (run: string) => ["train", "--data", data, "--out", join(folder, run)];

describe("dmrec train", () => {
  it("trains a matched model in a directory that says where its data is", async () => {
    const { stdout, stderr, status } = await train("first");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/Model: mult-vae\+mddm/);
    expect(stdout).toMatch(
      /Trained 6 epochs; the best is \d, with recall@20 0\.\d{4} on the validation part/,
    );
    const record = JSON.parse(await readFile(join(folder, "first", "run.json"), "utf8"));
    expect(record).toMatchObject({ data: { data, embeddings: "auto" }, model: { name: "mddm" } });
  });

  it("gives its result to scripts as JSON, and only that", async () => {
    const { stdout, status } = await train("json", "--matching", "none", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ model: "mult-vae", stopped: "epochs", epochs: 6 });
    expect(status).toBe(0);
  });

  it("trains a finished run longer, with the result of one long training", async () => {
    const short = await train("longer", "--matching", "none", "--json");
    const longer = await train("longer", "--matching", "none", "--epochs", "12", "--json");
    const whole = await train("whole", "--matching", "none", "--epochs", "12", "--json");
    const [first, second, third] = [short, longer, whole].map(({ stdout }) => JSON.parse(stdout));
    expect(first.epochs).toBe(6);
    expect(second.test).toEqual(third.test);
    expect(second.validation).toEqual(third.validation);
  });

  it("samples the softmax of Mult-VAE", async () => {
    const { stdout, status } = await train("sampled", "--softmax-samples", "10", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: "mult-vae+mddm", epochs: 6 });
    const record = JSON.parse(await readFile(join(folder, "sampled", "run.json"), "utf8"));
    expect(record.model.options).toMatchObject({ softmaxSamples: 10 });
    expect(record.data).not.toHaveProperty("softmaxSamples");
  });

  it.each([
    [["--base", "popularity", "--hidden", "5"], "--hidden", "popularity"],
    [["--base", "light-gcn", "--dropout", "0.2", "--latent", "4"], "--dropout", "light-gcn"],
    [["--base", "item-knn", "--epochs", "5"], "--epochs", "item-knn"],
    [["--base", "ease-r", "--patience", "5"], "--patience", "ease-r"],
    [["--base", "popularity", "--batch-size", "5"], "--batch-size", "popularity"],
    [["--base", "popularity", "--learning-rate", "0.1"], "--learning-rate", "popularity"],
    [["--base", "cvga", "--matching", "none", "--hidden", "5"], "--hidden", "cvga"],
    [["--base", "popularity", "--softmax-samples", "10"], "--softmax-samples", "popularity"],
    [["--base", "cvga", "--softmax-samples", "10"], "--softmax-samples", "cvga+mddm"],
    [["--base", "l-diffrec", "--softmax-proposal", "popularity"], "--softmax-proposal", "l-diffrec+mddm"],
    [["--matching", "none", "--cold-start-rate", "0.3"], "--cold-start-rate", "mult-vae"],
  ])("refuses a flag that the model does not read: %j", async (args, flag, model) => {
    const { stderr, status } = await runCommandLine(...trainIn("unread"), ...args);
    expect(stderr.split("\n").at(-2)).toBe(
      `Error: dmrec train: ${flag}: has no effect, because ${model} does not read it; leave it out`,
    );
    expect(status).toBe(1);
  });

  it("trains a baseline", async () => {
    const { stdout } = await runCommandLine(...trainIn("popular"), "--base", "popularity", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ model: "popularity", epochs: 0 });
  });

  it("refuses a directory in which another process is working", async () => {
    {
      await using _held = await holdDirectory(join(folder, "busy"), { owner: "another", flag: "--out" });
      const { stderr, status } = await train("busy", "--matching", "none");
      expect(stderr).toMatch(/--out: another process is working in .*busy; wait for it/);
      expect(status).toBe(1);
    }
    expect((await train("busy", "--matching", "none")).status).toBe(0);
  });

  it("refuses to continue another run, and replaces it with --fresh", async () => {
    await train("other", "--matching", "none");
    const refused = await train("other", "--matching", "none", "--latent", "4");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /Error: dmrec train: --out: .*other holds another run \(model\.options\.latentDimension was 8 and is 4\); name another folder, or add --fresh/,
    );
    const fresh = await train("other", "--matching", "none", "--latent", "4", "--fresh");
    expect(fresh.status).toBe(0);
  });

  it("refuses a directory of other files, and a damaged record", async () => {
    await mkdir(join(folder, "letters"));
    await writeFile(join(folder, "letters", "a.txt"), "Dear");
    expect((await train("letters")).stderr).toMatch(/--out: .*letters holds files that are no run/);
    await mkdir(join(folder, "damaged"));
    await writeFile(join(folder, "damaged", "run.json"), '{"format":');
    expect((await train("damaged")).stderr).toMatch(
      /run\.json: is damaged.*train the run again with --fresh/,
    );
    await writeFile(join(folder, "damaged", "run.json"), '{"format":"dmrec-run-1","data":{"kCore":"x"}}');
    expect((await train("damaged")).stderr).toMatch(
      /run\.json: is damaged, or of another version \(data\.kCore: "x"; expected a number\); train the run/,
    );
  });

  it.skipIf(process.platform !== "linux")("refuses a directory that cannot be made", async () => {
    const { stderr, status } = await runCommandLine("train", "--data", data, "--out", "/proc/dmrec/run");
    expect(stderr).toMatch(
      /\/proc\/dmrec: cannot be made a directory .*; name a folder that you may write to/,
    );
    expect(status).toBe(1);
  });

  it.each([
    [["--base", "popularity", "--matching", "mddm"], /--matching: .*leave it out with --base popularity/],
    [["--matching", "none", "--beta", "0.5"], /--beta: .*leave it out, or name a strategy with --matching/],
    [["--beta", "2"], /dmrec train: --beta mddm: /],
    [["--matching", "mdm"], /Allowed choices are godm, cpdm, mddm/],
    [["--backend", "cpu", "--threads", "2"], /dmrec train: --threads: belongs to the compiled engine/],
    [["--encoder", "bert"], /--encoder.* expected tf-idf, use-lite, or the folder of a transformer/],
    [
      ["--encoder", "tf-idf", "--embeddings", "given"],
      /--encoder: embeds profiles, .* leave one of them out/,
    ],
    [["--runs=here"], /unknown option '--runs=here'\n\(Did you mean --out\?\)\n/],
    [["--runs", "here"], /unknown option '--runs'\n\(Did you mean --out\?\)\nExample: /],
    [["--epoch", "3"], /unknown option '--epoch'\n\(Did you mean --epochs\?\)/],
  ])("%j ends with a sentence", async (args, message) => {
    const { stderr, status } = await train("refused", ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });

  it("explains itself on one screen", async () => {
    const { stdout, status } = await runCommandLine("train", "--help");
    expect(stdout).toMatch(/Exit codes: 0 done/);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(40);
    expect(status).toBe(0);
  });
});
