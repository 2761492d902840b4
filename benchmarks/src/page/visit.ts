import { type Browser, chromium, type Page } from "playwright-core";
import { quantile } from "../speed/statistics";

/** The evenness with which a page is drawn while something happens. */
export interface Smoothness {
  readonly framesASecond: number;
  /** The time between two frames that 95% of them stay under. */
  readonly p95Ms: number;
}

/** Milliseconds from the request of a page. */
export interface FirstTimes {
  /** To ten recommendations, which the page has without its model. */
  readonly listedMs: number;
  /** To the model's own answer. */
  readonly answeredMs: number;
}

/** The measurements of one visit of a page. */
export interface Visit {
  readonly first: FirstTimes;
  readonly typing: Smoothness;
  /** While the items of the map move to their places in another space. */
  readonly moving: Smoothness;
}

const text = "storms and islands and a mutiny on old ships";

// Programs of the page itself are texts: the compiler of this one would add names to functions that the page does not know.
/** The time since the page's request at which an element is there. */
const timeOf = (selector: string) => `new Promise((resolve) => {
  const look = () =>
    document.querySelector(${JSON.stringify(selector)}) ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})`;
/** The times of all frames from now on, in a list that grows. */
const timesOfFrames = `(() => {
  const times = [];
  const count = (time) => {
    times.push(time);
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  return times;
})()`;

/** Milliseconds that the map's movement takes, of which the frames are counted. */
const movement = 900;

/** Visits a page and types a taste. */
export function visitPage(url: string, executablePath: string): Promise<Visit> {
  return inBrowser(executablePath, async (page) => {
    const first = await open(page, url);
    const words = page.getByLabel("In words");
    await words.focus();
    const typing = await smoothness(page, () => page.keyboard.type(text, { delay: 90 }));
    const space = page.getByRole("radio", { name: "Words" });
    const moving = await smoothness(page, async () => {
      await space.check();
      await page.waitForTimeout(movement);
    });
    return { first, typing, moving };
  });
}

/** Visits a page until its model answers. */
export function timeToFirst(url: string, executablePath: string): Promise<FirstTimes> {
  return inBrowser(executablePath, (page) => open(page, url));
}

/** Milliseconds in which a browser without a page ends its own start, which takes a second of processor time. */
const browserStart = 3000;

/** A browser of its own has empty caches. */
async function inBrowser<Result>(
  executablePath: string,
  act: (page: Page) => Promise<Result>,
): Promise<Result> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.waitForTimeout(browserStart);
    return await act(page);
  } finally {
    await browser.close();
  }
}

async function open(page: Page, url: string): Promise<FirstTimes> {
  await page.goto(url, { waitUntil: "commit" });
  const [listedMs, answeredMs] = await Promise.all([
    page.evaluate<number>(timeOf(".column-both li:nth-child(10)")),
    page.evaluate<number>(timeOf(".reading[aria-busy=false]")),
  ]);
  return { listedMs, answeredMs };
}

/** Counts the frames that a page draws while something is done to it. */
async function smoothness(page: Page, act: () => Promise<void>): Promise<Smoothness> {
  const frames = await page.evaluateHandle<number[]>(timesOfFrames);
  await act();
  const times = await frames.jsonValue();
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  return { framesASecond: gaps.length / seconds, p95Ms: quantile(gaps, 0.95) };
}
