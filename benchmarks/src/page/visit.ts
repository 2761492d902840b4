import { type Browser, chromium, type Page } from "playwright-core";
import { quantile } from "../speed/statistics";

/** The evenness with which a page is drawn while something happens. */
export interface Smoothness {
  readonly framesASecond: number;
  /** The time between two frames that 95% of them stay under. */
  readonly p95Ms: number;
}

/** The measurements of one visit of a page. */
export interface Visit {
  /** Milliseconds from the request of the page to ten recommendations, model included. */
  readonly firstMs: number;
  readonly typing: Smoothness;
  /** While the items of the map move to their places in another space. */
  readonly moving: Smoothness;
}

const text = "storms and islands and a mutiny on old ships";

// Programs of the page itself are texts: the compiler of this one would add names to functions that the page does not know.
/** The time since the page's request at which ten recommendations are there. */
const timeOfFirst = `new Promise((resolve) => {
  const look = () =>
    document.querySelector(".column-both li:nth-child(10)") ? resolve(performance.now()) : requestAnimationFrame(look);
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
    const firstMs = await open(page, url);
    const words = page.getByLabel("In words");
    await words.focus();
    const typing = await smoothness(page, () => page.keyboard.type(text, { delay: 90 }));
    const space = page.getByRole("radio", { name: "Words" });
    const moving = await smoothness(page, async () => {
      await space.check();
      await page.waitForTimeout(movement);
    });
    return { firstMs, typing, moving };
  });
}

/** Visits a page until ten recommendations are there. Returns the milliseconds from its request. */
export function timeToFirst(url: string, executablePath: string): Promise<number> {
  return inBrowser(executablePath, (page) => open(page, url));
}

/** A browser of its own has empty caches. */
async function inBrowser<Result>(
  executablePath: string,
  act: (page: Page) => Promise<Result>,
): Promise<Result> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    return await act(await browser.newPage());
  } finally {
    await browser.close();
  }
}

async function open(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: "commit" });
  return page.evaluate<number>(timeOfFirst);
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
