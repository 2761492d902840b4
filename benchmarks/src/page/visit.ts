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

/** Visits a page in a browser of its own, whose caches are empty, and types a taste. */
export async function visitPage(url: string, executablePath: string): Promise<Visit> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: "commit" });
    const firstMs = await page.evaluate<number>(timeOfFirst);
    const words = page.getByLabel("In words");
    await words.focus();
    const typing = await smoothness(page, () => page.keyboard.type(text, { delay: 90 }));
    const space = page.getByRole("radio", { name: "Words" });
    const moving = await smoothness(page, async () => {
      await space.check();
      await page.waitForTimeout(movement);
    });
    return { firstMs, typing, moving };
  } finally {
    await browser.close();
  }
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
