import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasRedis, startRedis } from "../../../../testing/redis-server";
import { builtProgram, quickTraining, runCommandLine, writeFolder } from "./testing/run-command";

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-search-"));
  data = join(folder, "data");
  await writeFolder(data);
});
afterAll(() => rm(folder, { recursive: true }));

/** A space of two options. */
const space = [
  "--range",
  "learningRate=1e-3..1e-1:log",
  "--choice",
  "latentDimension=4,8,16",
  "--monitor",
  "ndcg@5",
];

const flagsOf = (out: string, args: readonly string[]) => [
  "search",
  ...["--data", data, "--out", join(folder, out)],
  ...quickTraining,
  ...space,
  ...args,
];

/** Runs a search in this process, and its trials in processes of the built program. */
async function search(out: string, args: readonly string[]) {
  const { stdout, stderr, status } = await runCommandLine(...flagsOf(out, args));
  const lines = stdout.split("\n");
  return { lines, table: tableIn(lines), stderr, status };
}

/** Runs a search as built, and passes each line of its output on. */
async function searchAsBuilt(
  out: string,
  args: readonly string[],
  onLine: (line: string, pid: number) => void = () => {},
) {
  const child = spawn(process.execPath, [builtProgram, ...flagsOf(out, args)]);
  const [lines, errors]: [string[], string[]] = [[], []];
  child.stderr.on("data", (chunk: Buffer) => errors.push(String(chunk)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    onLine(line, child.pid ?? 0);
  });
  const [status] = await once(child, "close");
  return { lines, table: tableIn(lines), stderr: errors.join(""), status };
}

/** The rows of the results. */
function tableIn(lines: readonly string[]): string[] {
  const results = lines.slice(lines.findIndex((line) => line.startsWith("Validation part")));
  return results.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("│"));
}

/** Epochs that take a process long enough to be killed in. */
const long = ["--matching", "none", "--epochs", "60", "--patience", "1000", "--trials", "3"];
/** Each job is a process. A search has one where two would show no more. */
const oneJob = ["--jobs", "1"];
const twoJobs = ["--jobs", "2"];

describe("dmrec search, with its trials as built", () => {
  it("ends with the same table if a process is killed in a trial, then the search itself, which is started again", async () => {
    const whole = await search("whole", [...long, ...oneJob]);
    expect([whole.stderr, whole.status, whole.table.length]).toEqual(["", 0, 4]);
    let killed: number | undefined;
    const hurt = await searchAsBuilt("hurt", [...long, ...twoJobs], (line, search) => {
      const pid = Number(line.match(/\(process (\d+)\): epoch/)?.[1]);
      if (killed === undefined && pid) {
        killed = pid;
        process.kill(pid, "SIGKILL");
      }
      if (/^Trial \d of 3: ndcg@5/.test(line)) process.kill(search, "SIGKILL");
    });
    expect(hurt.lines.join("\n")).toMatch(/Trial \d of 3: its process ended early \(SIGKILL\)/);
    expect(hurt.table).toEqual([]);
    const continued = await searchAsBuilt("hurt", [...long, ...oneJob]);
    expect(continued.lines.join("\n")).toMatch(/[12] of 3 trials are finished already/);
    expect(continued.status).toBe(0);
    expect(continued.table).toEqual(whole.table);
  });

  it("stops on Ctrl-C, and the same command continues", async () => {
    const two = [...long, "--trials", "2"];
    let isAsked = false;
    const stopped = await searchAsBuilt("interrupted", [...two, ...twoJobs], (line, pid) => {
      if (!isAsked && line.includes(": epoch ")) isAsked = process.kill(pid, "SIGINT");
    });
    expect(stopped.stderr).toMatch(/Stopped with \d of 2 trials finished\. The same command continues/);
    expect(stopped.status).toBe(130);
    expect((await search("interrupted", [...two, ...oneJob])).status).toBe(0);
  });

  it("gives the best settings as JSON, with runs that the other commands take, and extends a search", async () => {
    const flags = ["--matching", "mddm", "--json", ...oneJob];
    const short = JSON.parse((await search("json", [...flags, "--trials", "2"])).lines.join("\n"));
    const { lines } = await search("json", [...flags, "--trials", "4"]);
    const longer = JSON.parse(lines.join("\n"));
    expect(short.trials).toHaveLength(2);
    expect(longer.trials).toHaveLength(4);
    expect(longer.trials).toEqual(expect.arrayContaining(short.trials));
    const values = longer.trials.map((trial: typeof longer.best) => trial.validation["ndcg@5"]);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(longer.best).toEqual(longer.trials[0]);
    const first = longer.trials.find(({ number }: { number: number }) => number === 1);
    expect(first.settings).toEqual({ learningRate: 1e-3, latentDimension: 8 });
    const evaluated = await runCommandLine("evaluate", longer.best.run, "--part", "validation", "--json");
    expect(JSON.parse(evaluated.stdout).metrics["ndcg@5"]).toBeCloseTo(values[0], 12);
    const log = await readFile(join(folder, "json", "trials.jsonl"), "utf8");
    expect(log.trimEnd().split("\n")).toHaveLength(4);
  });

  it("halves: the best of few epochs go on, exactly as if trained at once", async () => {
    const flags = ["--matching", "none", "--epochs", "12", "--trials", "4", "--json"];
    const halved = [...oneJob, "--method", "halving", "--halving-factor", "2"];
    const result = JSON.parse((await search("halved", [...flags, ...halved])).lines.join("\n"));
    expect(result.trials.map(({ epochs }: { epochs: number }) => epochs)).toEqual([12, 6, 3, 3]);
    const { learningRate, latentDimension } = result.best.settings;
    const best = ["--learning-rate", String(learningRate), "--latent", String(latentDimension)];
    const flagsAtOnce = [
      "--matching",
      "none",
      ...quickTraining,
      "--epochs",
      "12",
      "--monitor",
      "ndcg@5",
      ...best,
      "--json",
    ];
    const atOnce = await runCommandLine(
      "train",
      "--data",
      data,
      "--out",
      join(folder, "at-once"),
      ...flagsAtOnce,
    );
    expect(result.best.validation).toEqual(JSON.parse(atOnce.stdout).validation);
  });

  it("shares the threads that the environment names among its trials", async () => {
    vi.stubEnv("DMREC_THREADS", "3");
    try {
      const { lines, status } = await search("threads", ["--matching", "none", "--trials", "2"]);
      expect([status, lines.find((line) => line.startsWith("Model: "))]).toEqual([
        0,
        "Model: mult-vae, base; 2 trials, 3 at a time",
      ]);
      vi.stubEnv("DMREC_THREADS", "many");
      const wrong = await search("threads", ["--matching", "none", "--trials", "2"]);
      expect([wrong.status, wrong.stderr]).toEqual([
        1,
        expect.stringMatching(/DMREC_THREADS: expected a positive whole number, not many\n$/),
      ]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("goes on after a trial that does not converge to numbers", async () => {
    const flags = ["--matching", "none", "--trials", "2", "--choice", "klWeight=1e300", ...oneJob];
    const { lines, table, status } = await search("diverging", flags);
    expect(status).toBe(0);
    expect(table.some((line) => line.includes("failed"))).toBe(true);
    expect(lines.join("\n")).toMatch(/Trial 2 failed: the loss term .*NaN|Infinity/);
  });
});

describe("dmrec search --method tpe, as built", () => {
  it("chooses later trials by earlier ones, the same ones for any number of jobs, and goes on after a kill", async () => {
    // Eight are drawn, and two are chosen by them.
    const flags = ["--matching", "none", "--method", "tpe", "--trials", "10"];
    const whole = await search("tpe", [...flags, ...twoJobs]);
    expect([whole.stderr, whole.status, whole.table.length]).toEqual(["", 0, 11]);
    await searchAsBuilt("tpe-killed", [...flags, ...oneJob], (line, pid) => {
      if (/^Trial 9 of 10: ndcg@5/.test(line)) process.kill(pid, "SIGKILL");
    });
    expect((await search("tpe-killed", [...flags, ...twoJobs])).table).toEqual(whole.table);
  });
});

describe.skipIf(!hasRedis)(
  "dmrec search --queue, as built (skipped where redis-server is not installed)",
  () => {
    it("ends with the same table as on one machine if one of two workers is killed", async () => {
      const redis = await startRedis();
      const queue = ["--queue", redis.url];
      const startWorker = () =>
        spawn(process.execPath, [
          builtProgram,
          "search-worker",
          ...queue,
          "--jobs",
          "1",
          "--threads",
          "1",
          "--lock",
          "2",
        ]);
      const workers = [startWorker(), startWorker()];
      try {
        const six = ["--matching", "none", "--epochs", "30", "--patience", "1000", "--trials", "6"];
        const here = await search("here", [...six, ...oneJob, "--threads", "1"]);
        let finished = 0;
        const spread = await searchAsBuilt("spread", [...six, ...queue], (line) => {
          if (/^Trial \d of 6: ndcg@5/.test(line)) finished += 1;
          if (finished === 2) workers[0].kill("SIGKILL");
        });
        expect(workers[0].killed).toBe(true);
        expect(spread.status).toBe(0);
        expect(spread.table).toHaveLength(7);
        expect(spread.table).toEqual(here.table);
        workers[1].kill("SIGTERM");
        const [status] = await once(workers[1], "close");
        expect(status).toBe(0);
      } finally {
        for (const worker of workers) worker.kill("SIGKILL");
        await redis.close();
      }
    });
  },
);

describe("the flags of dmrec search", () => {
  const refused = (args: readonly string[]) =>
    runCommandLine("search", "--data", data, "--out", join(folder, "refused"), ...quickTraining, ...args);

  it.each([
    [[], /--range or --choice: name an option to search, such as --range learningRate=/],
    [["--range", "dropout=0.5"], /expected NAME=LOW\.\.HIGH, such as/],
    [["--range", "dropout=0..0.5", "--choice", "dropout=0.1,0.2"], /dropout is named twice; keep one/],
    [["--choice", "latent=4,8"], /--choice latent: the model has no such option; search one of hiddenDim/],
    [
      ["--base", "l-diffrec", "--matching", "none", "--choice", "denoizer.learningRate=1"],
      /no such option; .*denoiser\.learningRate/,
    ],
    [["--range", "latentDimension=4..9"], /--range latentDimension: refuses 5\.91 .*end the range with :int/],
    [["--range", "dropout=0.5..1.5"], /--range dropout: refuses 1\.5 \(/],
    [["--range", "learningRate=0..1"], /--range learningRate: refuses 0; name rates above 0/],
    [["--matching", "none", "--range", "beta=0..1"], /--range beta: refuses 0 \(.*name a strategy/],
    [
      ["--base", "light-gcn", "--range", "learningRate=0.01..0.1"],
      /--hidden: has no effect, because light-gcn/,
    ],
    [["--base", "popularity", "--choice", "dropout=0.1,0.2"], /--choice dropout: changes nothing/],
    [["--range", "dropout=0..0.5", "--method", "grid"], /Allowed choices are random, halving, tpe/],
    [["--range", "dropout=0..0.5", "--queue", "here:6379"], /expected an address such as redis:/],
    [["--range", "dropout=0..0.5", "--queue", "redis://127.0.0.1:1"], /no Redis answers at 127\.0\.0\.1:1/],
    [["--range", "dropout=0..0.5", "--halving-factor", "1"], /expected a whole number from 2 up/],
    [["--range", "dropout=0..0.5", "--backend", "cpu", "--threads", "2"], /--threads: belongs to/],
  ])("%j ends with a sentence", async (args, message) => {
    const { stderr, status } = await refused(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });

  it("are refused if the directory holds something else, such as the data", async () => {
    for (const out of [data, join(folder, "no-search")]) {
      await mkdir(out, { recursive: true });
      await writeFile(join(out, "run.json"), "{}");
      const flags = ["--out", out, "--range", "dropout=0..0.5", ...quickTraining];
      const { stderr, status } = await runCommandLine("search", "--data", data, ...flags);
      await rm(join(out, "run.json"));
      expect(stderr).toMatch(/--out: .* holds a run; name a new folder, such as .*\/search$/m);
      expect(status).toBe(1);
    }
    const flags = ["--out", data, "--range", "dropout=0..0.5", ...quickTraining];
    const { stderr } = await runCommandLine("search", "--data", data, ...flags);
    expect(stderr).toMatch(/--out: .* holds files that are no search; name a new folder/);
  });

  it("are explained on one screen", async () => {
    const { stdout, status } = await runCommandLine("search", "--help");
    expect(stdout).toMatch(/Exit codes: 0 done/);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(41);
    expect(status).toBe(0);
  });
});
