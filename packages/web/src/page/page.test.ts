import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { expectPicture } from "../../../../testing/pictures";
import { chromiumFile, startChromium } from "../testing/chromium";
import { writeCataloguePage } from "../testing/page-folder";
import { type TrainedCatalogue, trainedCatalogue } from "../testing/small-catalogue";
import { type StaticServer, startStaticServer } from "../testing/static-server";

/** Milliseconds in which a page on a busy machine answers. */
const patience = 100_000;
/** A folder to look at pictures of the page in. By default there are none. */
const pictures = process.env.DMREC_SCREENSHOTS;
const words = "storms, islands and a mutiny on old ships";

const hostileNames = [
  '<img src="x" onerror="document.title = `broken`">',
  "</script><script>document.title = `broken`</script>",
  "سفينة في العاصفة، والبحر من ورائها (1987) مجموعة قصص",
  "ספר הים והאיים",
  "👩‍👩‍👧‍👦🏴‍☠️🌊 the family of pirates 🇯🇵",
  "Donaudampfschifffahrtsgesellschaftskapitän".repeat(12).slice(0, 500),
  "Z̸̢͓̈́a̷̛͚l̵̰̾g̶̥̐o̸ and a very long title that goes on and on ".repeat(9).slice(0, 500),
  "海と島々の物語、嵐の夜に",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that looks like a template.
  "&amp; &lt;b&gt; \\u003c %3Cb%3E {{name}} ${name}",
  "A line\nand another\ttext \u202Eturned around",
];

const netLogSchema = z.object({
  events: z.array(
    z.object({
      params: z.object({ url: z.string().optional(), initiator: z.string().optional() }).optional(),
    }),
  ),
});

let folder: string;
let catalogue: TrainedCatalogue;
let browser: Browser;
let site: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-page-"));
  catalogue = await trainedCatalogue();
  await writeCataloguePage(join(folder, "page"), catalogue);
  site = await startStaticServer(join(folder, "page"), "/a/deep%20path/");
  if (chromiumFile !== undefined) browser = await startChromium(join(folder, "net-log.json"));
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await site[Symbol.asyncDispose]();
  await catalogue.model.close();
  await rm(folder, { recursive: true });
});

/** Opens the page and waits for its first recommendations and its model. What the browser complains about fails the test. */
async function open(options: BrowserContextOptions = {}, url = site.url) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(url);
  await page.locator(".column-both li").nth(9).waitFor({ state: "attached" });
  await page.locator(".reading[aria-busy=false]").waitFor({ state: "attached" });
  return {
    page,
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(problems).toEqual([]);
    },
  };
}

const namesIn = (page: Page, space: string) =>
  page.locator(`.column-${space} .name bdi, .column-${space} bdi.name`).allTextContents();

/** The names of a list once they are others than before, and their reasons are found. */
async function changedNames(page: Page, before: readonly string[], space = "both"): Promise<string[]> {
  await expect.poll(() => namesIn(page, space), { timeout: patience }).not.toEqual(before);
  await page.locator(`.column-${space} .reason`).first().waitFor({ state: "attached" });
  return namesIn(page, space);
}

async function pick(page: Page, name: string): Promise<void> {
  await page.getByRole("combobox").fill(name);
  await page.getByRole("option", { name, exact: true }).click();
}

/** The tests compare these pictures with those of the folder `pictures`. People look at the others. */
const compared = [
  "light-recommended",
  "dark-recommended",
  "phone-recommended",
  "hostile-360",
  "hostile-1440",
];

async function picture(page: Page, name: string): Promise<void> {
  if (compared.includes(name)) {
    const scripts = name.startsWith("hostile") ? "Words سفينة ספר 海と島 👩 🏴 Z̸̢͓̈́a̷̛͚l̵̰̾" : "Words";
    const font = '40px "Bricolage Grotesque Variable", system-ui, "Noto Sans", sans-serif';
    await expectPicture(page, join(import.meta.dirname, "pictures", `${name}.png`), { font, scripts });
  }
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** The titles of the catalogue that have a topic. */
const titlesOf = (topic: string) =>
  (catalogue.data.itemAttributes ?? [])
    .filter(({ tags }) => tags?.length === 1 && tags[0] === topic)
    .map(({ title = "" }) => title);

describe.skipIf(chromiumFile === undefined)("the page in Chromium", { timeout: 4 * patience }, () => {
  it("recommends while you type, again for other words and picks, and says why", async () => {
    await using opened = await open();
    const { page } = opened;
    const atFirst = await namesIn(page, "both");
    expect(atFirst).toHaveLength(10);
    await page.getByLabel("In words").fill(words);
    const bySea = await changedNames(page, atFirst);
    await page.getByLabel("In words").fill("detectives, suspects and alibis in a murder");
    const byMurder = await changedNames(page, bySea);
    expect(byMurder.filter((name) => bySea.includes(name)).length).toBeLessThan(8);
    expect(await namesIn(page, "words")).toEqual(byMurder);
    expect(await namesIn(page, "clicks")).toEqual([]);

    const picks = titlesOf("cookery").slice(0, 2);
    for (const name of picks) await pick(page, name);
    await expect.poll(() => page.locator(".picks li").count()).toBe(2);
    const byBoth = await changedNames(page, byMurder);
    expect(byBoth).not.toEqual(await namesIn(page, "words"));
    expect(byBoth).not.toEqual(await namesIn(page, "clicks"));
    expect(byBoth).not.toContain(picks[0]);
    await page.locator(".column-both .reason-pick").first().waitFor();
    const said = new Set([...picks, "detectives", "suspects", "and", "alibis", "in", "a", "murder"]);
    const reasons = await page.locator(".column-both .reason").allTextContents();
    expect(reasons.length).toBeGreaterThanOrEqual(10);
    for (const reason of reasons) expect(said).toContain(reason);
    for (const reason of await page.locator(".column-clicks .reason").allTextContents())
      expect(picks).toContain(reason);
    await picture(page, "desktop");
  });

  it("shows what it would show to anyone before the model is there", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let send = () => {};
    const held = new Promise<void>((resolve) => {
      send = resolve;
    });
    await context.route("**/model.onnx", (route) => held.then(() => route.continue()));
    await page.goto(site.url);
    await page.locator(".column-both li").nth(9).waitFor({ state: "attached", timeout: patience });
    const atFirst = await namesIn(page, "both");
    expect(await page.locator(".column-both").textContent()).toContain("on its way");
    send();
    await page.locator(".reading[aria-busy=false]").waitFor({ state: "attached", timeout: patience });
    expect(await namesIn(page, "both")).toEqual(atFirst);
    await context.close();
  });

  it("lights up the same items on the map", async () => {
    await using opened = await open();
    const { page } = opened;
    const atFirst = await namesIn(page, "both");
    await page.getByLabel("In words").fill(words);
    const names = await changedNames(page, atFirst);
    expect(await page.locator("figcaption").textContent()).toBe(`Lit up: ${names.join("; ")}`);
    const labels = page.locator(".map-label");
    const labelled = await labels.allTextContents();
    expect(labelled.length).toBeGreaterThan(0);
    for (const [index, name] of labelled.entries()) {
      expect(names).toContain(name);
      const [dot, corner] = await labels.nth(index).evaluate((label: HTMLElement) => {
        const canvas = label.closest(".map-frame")?.querySelector("canvas");
        // A copy, because the map's own canvas is not made to be read.
        const copy =
          canvas &&
          new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        if (canvas) copy?.drawImage(canvas, 0, 0);
        const alpha = (x: number, y: number) =>
          copy?.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data[3];
        return [alpha(Number.parseFloat(label.style.left), Number.parseFloat(label.style.top)), alpha(1, 1)];
      });
      expect([dot, corner]).toEqual([255, 0]);
    }
    // A pointer at a lit item names it, and a click picks it.
    const box = await page.locator(".map-frame").boundingBox();
    const place = await labels
      .first()
      .evaluate((label: HTMLElement) => [label.style.left, label.style.top].map(Number.parseFloat));
    await page.mouse.click((box?.x ?? 0) + place[0], (box?.y ?? 0) + place[1]);
    await expect
      .poll(() => page.locator(".picks bdi").allTextContents(), { timeout: patience })
      .toHaveLength(1);
    await changedNames(page, names);
  });

  it("is used by the keyboard only", async () => {
    await using opened = await open();
    const { page } = opened;
    const atFirst = await namesIn(page, "both");
    const press = (...keys: readonly string[]) =>
      keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("role") ?? document.activeElement?.id ?? "");
    await press("Tab");
    expect(await focused()).toBe("words");
    // At once: an answer to the first letters is no answer to the text.
    await page.keyboard.insertText("storms and islands");
    const byWords = await changedNames(page, atFirst);
    for (let tabs = 0; (await focused()) !== "combobox" && tabs < 20; tabs += 1) await press("Tab");
    const [title] = titlesOf("cookery");
    await page.keyboard.type(title);
    await page.getByRole("option").first().waitFor();
    await press("ArrowDown", "ArrowUp", "Enter");
    const byBoth = await changedNames(page, byWords);
    expect(await page.locator(".picks bdi").allTextContents()).toEqual([title]);
    await press("Backspace");
    await expect.poll(() => namesIn(page, "both"), { timeout: patience }).toEqual(byWords);
    for (
      let tabs = 0;
      !(await page.evaluate(() => document.activeElement?.matches("[name=space]"))) && tabs < 9;
      tabs += 1
    )
      await press("Tab");
    await press("ArrowRight");
    expect(await page.getByRole("radio", { name: "Words" }).isChecked()).toBe(true);
    for (
      let tabs = 0;
      !(await page.evaluate(() => document.activeElement?.matches(".column-both .name"))) && tabs < 20;
      tabs += 1
    )
      await press("Tab");
    await press("Enter");
    await expect
      .poll(() => page.locator(".picks bdi").allTextContents(), { timeout: patience })
      .toEqual([byWords[0]]);
    expect(byBoth).not.toEqual(byWords);
  });

  it("has no finding of axe, in the light, in the dark and on a phone", async () => {
    await using opened = await open();
    const { page } = opened;
    await page.evaluate(axe.source);
    const looks = [
      ["light", "light", { width: 1280, height: 720 }],
      ["dark", "dark", { width: 1280, height: 720 }],
      ["phone", "light", { width: 360, height: 740 }],
    ] as const;
    const expectNone = async (state: string) => {
      for (const [look, colorScheme, size] of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        const { violations } = await page.evaluate<AxeResults>("axe.run()");
        const findings = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
        );
        expect([look, state, findings]).toEqual([look, state, []]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await picture(page, `${look}-${state}`);
      }
    };
    await expectNone("first");
    const atFirst = await namesIn(page, "both");
    await page.getByLabel("In words").fill(words);
    await pick(page, titlesOf("cookery")[0]);
    await changedNames(page, atFirst);
    await page.getByRole("combobox").fill("the");
    await page.getByRole("option").first().waitFor();
    await expectNone("suggestions");
    await page.keyboard.press("Escape");
    await page.locator(".reason-pick").first().waitFor({ state: "attached" });
    await expectNone("recommended");
  });

  it("shows names of any kind as text, and keeps its layout", async () => {
    const { data } = catalogue;
    const itemNames = data.itemIds.map((_, item) => `${hostileNames[item % hostileNames.length]} ${item}`);
    await writeCataloguePage(
      join(folder, "hostile"),
      { ...catalogue, data: { ...data, name: hostileNames[0] } },
      { itemNames },
    );
    await using hostile = await startStaticServer(join(folder, "hostile"), "/");
    const [phone, desktop] = [
      { width: 360, height: 740 },
      { width: 1440, height: 900 },
    ];
    await using opened = await open({ viewport: phone }, hostile.url);
    const { page } = opened;
    await page.getByLabel("In words").fill(words);
    for (const item of [0, 2, 5]) {
      await page.getByRole("combobox").fill(String(item));
      await page.locator(`[role=option]`).filter({ hasText: itemNames[item] }).first().click();
    }
    await page.locator(".reason-pick").first().waitFor({ state: "attached" });
    for (const viewport of [phone, desktop]) {
      await page.setViewportSize(viewport);
      for (const name of await namesIn(page, "both")) expect(itemNames).toContain(name);
      expect(await page.locator("main img, main script, main b").count()).toBe(0);
      expect(await page.title()).toBe("Say what you like");
      const overflow = await page.evaluate(() =>
        [...document.querySelectorAll("main :is(section, ol, ul, li, p, button, fieldset, input, textarea)")]
          .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map(({ className }) => className),
      );
      expect(overflow).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      const heights = await page
        .locator(".column-both li")
        .evaluateAll((rows) => rows.map((row) => row.clientHeight));
      expect(Math.max(...heights)).toBeLessThan(110);
      await picture(page, `hostile-${viewport.width}`);
    }
  });

  it("takes picks only if no encoder of texts is known", async () => {
    await writeCataloguePage(join(folder, "picks"), catalogue, { encoder: undefined });
    await using server = await startStaticServer(join(folder, "picks"), "/");
    await using opened = await open({}, server.url);
    const { page } = opened;
    expect(await page.getByLabel("In words").count()).toBe(0);
    const atFirst = await namesIn(page, "both");
    await pick(page, titlesOf("cookery")[0]);
    expect(await changedNames(page, atFirst)).toHaveLength(10);
  });

  it("says what is wrong if the model does not load", async () => {
    await writeCataloguePage(join(folder, "broken"), catalogue);
    await rm(join(folder, "broken", "model.onnx"));
    await using server = await startStaticServer(join(folder, "broken"), "/");
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.getByRole("alert").waitFor({ timeout: patience });
    expect(await page.getByRole("alert").textContent()).toMatch(/model\.onnx.*404/);
    expect(await page.locator("figcaption").textContent()).toBe("Nothing is lit up.");
    await page.close();
  });

  it("asks nothing of any other machine, by the browser's own log", async () => {
    await browser.close();
    const { events } = netLogSchema.parse(JSON.parse(await readFile(join(folder, "net-log.json"), "utf8")));
    // The browser asks its maker about itself; what the page asks for has the page as its initiator.
    const asked = events.flatMap(({ params }) =>
      params?.url && params.initiator?.startsWith("http") ? [new URL(params.url)] : [],
    );
    expect(asked.length).toBeGreaterThan(20);
    expect(new Set(asked.map(({ hostname }) => hostname))).toEqual(new Set(["127.0.0.1"]));
  });
});

describe("the files of the page", () => {
  it("have less than 150 KB of compressed JavaScript without ONNX Runtime", async () => {
    const assets = join(folder, "page", "assets");
    const scripts = (await readdir(assets)).filter((name) => /\.m?js$/.test(name) && !name.startsWith("ort"));
    expect(scripts.length).toBeGreaterThan(1);
    const sizes = await Promise.all(
      scripts.map(async (name) => gzipSync(await readFile(join(assets, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
  });

  it("name no other machine in the page itself", async () => {
    const html = await readFile(join(folder, "page", "index.html"), "utf8");
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    expect(html).toContain("default-src 'self'");
  });
});
