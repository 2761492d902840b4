import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectPicture } from "../../../../testing/pictures";
import type { ModelFacts, ReportFacts } from "./report/report-facts";
import { folderItems, quickTraining, runCommandLine, writeFolder } from "./testing/run-command";

/** The names of the first items of the folder. */
const hostileNames = [
  "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">",
  "</bdi></section><h1>Not a heading</h1>",
  "فيلم عن البحر\u202e gnos",
  "🧜‍♀️🏴‍☠️ 👩‍👩‍👧‍👦",
  "long ".repeat(100),
  "w".repeat(500),
];

let folder: string;
let run: string;
let comparison: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-report-"));
  const data = join(folder, "data");
  await writeFolder(data);
  const names = Array.from({ length: folderItems }, (_, item) => [
    `item-${item}`,
    hostileNames[item % hostileNames.length] + (item < hostileNames.length ? "" : ` ${item}`),
  ]);
  await writeFile(join(data, "item_names.json"), JSON.stringify(Object.fromEntries(names)));
  run = join(folder, "run");
  await runCommandLine("train", "--data", data, "--out", run, ...quickTraining);
  const runs = join(folder, "runs");
  const models = ["--models", "base,mddm,popularity"];
  const { stdout } = await runCommandLine(
    "compare",
    "--data",
    data,
    "--runs",
    runs,
    ...models,
    ...quickTraining,
  );
  [, comparison] = /See the report in a browser: (.*)\/report\.html/.exec(stdout) ?? [];
  expect(comparison).toBeDefined();
});
afterAll(() => rm(folder, { recursive: true }));

async function reportOf(directory: string): Promise<{ facts: ReportFacts & { file: string }; page: string }> {
  const { stdout, stderr } = await runCommandLine("report", directory, "--json");
  const facts = JSON.parse(stdout);
  expect(stderr).toMatch(/^Profiles: /);
  return { facts, page: await readFile(facts.file, "utf8") };
}

/** Everything that facts may be written as. */
function figuresIn(value: unknown): string[] {
  if (typeof value === "number") {
    const share = (100 * Math.abs(value)).toFixed(1);
    return [
      value.toFixed(4),
      value.toFixed(2),
      (value / 60).toFixed(1),
      share,
      value.toLocaleString("en"),
      String(value),
    ];
  }
  if (typeof value === "string") return value.match(/\d[\d.,]*/g) ?? [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(figuresIn) : [];
}

/** The numbers in the text of a page, apart from its plots and the names of items and metrics. */
function figuresOf(page: string): string[] {
  const text = page
    .replace(/<(style|svg)[\s\S]*?<\/\1>/g, " ")
    .replace(/<bdi class="name"[\s\S]*?<\/bdi>/g, " ")
    .replace(/<code>[\s\S]*?<\/code>/g, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/@(\d+|k)/g, "");
  return text.match(/\d[\d.,]*(?<![.,])/g) ?? [];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);

describe("dmrec report", () => {
  it("shows the figures of a run's files and no others", async () => {
    const { facts, page } = await reportOf(run);
    const [model] = facts.models;
    const manifest = JSON.parse(await readFile(join(run, "manifest.json"), "utf8"));
    expect(model.validation).toEqual(manifest.results.bestMetrics);
    expect(model.training).toMatchObject({ bestEpoch: manifest.results.bestEpoch, epochs: 6 });
    expect(facts.data).toMatchObject(manifest.data);
    const evaluation = JSON.parse((await runCommandLine("evaluate", run, "--json")).stdout);
    const means = (metrics: ModelFacts["test"]) =>
      Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean]));
    expect(means(model.test)).toEqual(evaluation.metrics);
    expect(model.groups.map(({ metrics, ...group }) => ({ ...group, metrics: means(metrics) }))).toEqual(
      evaluation.groups,
    );
    const log = (await readFile(join(run, "metrics.jsonl"), "utf8")).trim().split("\n");
    const lines = log.map((line) => JSON.parse(line));
    expect(model.curve.losses.map(({ epoch, terms }) => [epoch, terms.total])).toEqual(
      lines.flatMap((line) => ("loss/total" in line ? [[line.epoch, line["loss/total"]]] : [])),
    );
    expect(lines.at(-1)).toMatchObject({ "test/recall@20": model.test["recall@20"].mean });
    // Constants of the page: the level of intervals, the rounding of p-values, lists of ten.
    const { train, validation, test } = facts.data;
    const allowed = new Set([
      ...figuresIn(facts),
      ...["95", "0.0001"],
      sum([train, validation, test]).toLocaleString("en"),
      ...facts.examples.map(({ trainingItems, knows }) => String(trainingItems - knows.length)),
    ]);
    expect(figuresOf(page).filter((figure) => !allowed.has(figure))).toEqual([]);
    expect(page).toContain(`<td>${model.test["recall@20"].mean.toFixed(4)}<span`);
  });

  it("draws the points of the log", async () => {
    const { facts, page } = await reportOf(run);
    const [{ training, validation }] = facts.models;
    expect(page).toContain(
      `aria-label="epoch: ${training.bestEpoch}; Recall@20, validation: ${validation["recall@20"]}`,
    );
  });

  it("compares models as dmrec evaluate does, and shows the best beside the first", async () => {
    const { facts, page } = await reportOf(comparison);
    expect(facts.models.map(({ name }) => name)).toEqual(["base", "mddm", "popularity"]);
    expect(facts.models[0].gains).toBeUndefined();
    for (const { gains, test } of facts.models.slice(1)) {
      const gain = gains?.["recall@20"];
      expect(gain?.mean).toBeCloseTo(test["recall@20"].mean - facts.models[0].test["recall@20"].mean, 12);
    }
    const values = facts.models.map(({ validation }) => validation["recall@20"]);
    expect(facts.models.findIndex(({ name }) => name === facts.best)).toBe(
      values.indexOf(Math.max(...values)),
    );
    for (const { lists } of facts.examples) expect(lists[0].model).toBe(facts.best);
    expect(page.match(/<figure><svg/g)?.length).toBeGreaterThan(6);
    expect(page).toContain('<tr class="highlight">');
  });

  it("is written where the user wants it, and names what is missing", async () => {
    const file = join(folder, "new", "page.html");
    const { stdout } = await runCommandLine("report", run, "--out", file);
    expect(stdout).toMatch(/The report is .*page\.html\. Any browser opens it/);
    expect(existsSync(file)).toBe(true);
    const above = await runCommandLine("report", folder);
    expect(above.stderr).toMatch(/is neither a run nor a comparison; name one of those in it, such as /);
    const nothing = await runCommandLine("report", join(comparison, "nothing"));
    expect(nothing.stderr).toMatch(/is neither a run nor a comparison; make one with/);
    expect(nothing.status).toBe(1);
    await rm(join(comparison, "mddm", "weights.safetensors"));
    const unfinished = await runCommandLine("report", comparison);
    expect(unfinished.stderr).toMatch(
      /is not finished: mddm is not trained to the end; run the same dmrec compare/,
    );
    const weights = join(run, "weights.safetensors");
    const whole = await readFile(weights);
    await writeFile(weights, whole.subarray(0, 20));
    const cut = await runCommandLine("report", run);
    expect(cut.stderr).toMatch(
      /weights\.safetensors: is damaged \(.*\); run the command that trained it again/,
    );
    await writeFile(weights, whole);
    await appendFile(join(run, "metrics.jsonl"), "{");
    const damaged = await runCommandLine("report", run);
    expect(damaged.stderr).toMatch(
      /metrics\.jsonl: is damaged in line \d+ \(.*\); run the command that trained it/,
    );
  });
});

/** The browser of Debian, which the tests of a machine without it leave out. */
const executablePath = "/usr/bin/chromium";

describe.skipIf(!existsSync(executablePath))("the page in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  it.each([1200, 390])(
    "keeps hostile names text and in the layout, %i wide, without a request",
    async (width) => {
      const file = join(run, "report.html");
      expect((await stat(file)).size).toBeLessThan(3_000_000);
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const requests: string[] = [];
      const problems: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("console", (message) => problems.push(message.text()));
      await page.goto(pathToFileURL(file).href);
      expect(requests).toEqual([pathToFileURL(file).href]);
      expect(problems).toEqual([]);
      expect(await page.title()).toBe("mult-vae+mddm on data");
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("script, img").count()).toBe(0);
      const texts = await page.locator("bdi.name").allTextContents();
      for (const name of hostileNames) expect(texts.some((text) => text.startsWith(name))).toBe(true);
      const layout = await page.evaluate(
        `({ width: document.documentElement.scrollWidth, tallest: Math.max(...[...document.querySelectorAll(".name")].map((name) => name.getBoundingClientRect().height)) })`,
      );
      expect(layout).toMatchObject({ width });
      expect((layout as { tallest: number }).tallest).toBeLessThan(60);
      const reference = join(import.meta.dirname, "pictures", `report-${width}.png`);
      const font = await page.evaluate<string>("'40px ' + getComputedStyle(document.body).fontFamily");
      await expectPicture(page, reference, { font, scripts: "Words فيلم 🧜 🏴" });
      await page.close();
    },
  );
});

it("leaves no file half written", async () => {
  expect((await readdir(run)).filter((name) => name.startsWith("report"))).toEqual(["report.html"]);
});
