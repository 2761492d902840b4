import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

/** Pixels along a side of a cell. A cell has the mean of its pixels, so the edges of letters do not count. */
const cell = 4;
/** The largest difference between two colours that are the same, from 0 to 1. */
const sameColour = 0.08;
/** The largest share of cells that may differ: a name or two, less than a block that moves. */
const mostDifferent = 0.004;
/** Set, it writes the references instead of comparing with them. */
const isWriting = process.env.DMREC_WRITE_PICTURES !== undefined;

let failures: Promise<string> | undefined;

/**
 * Compares a page, in its whole height, with a picture of it. Fonts that are not the page's own differ between machines: on one
 * that draws `scripts` otherwise than the one that made the picture, the comparison is left out, with a line that says so.
 *
 * @param reference The PNG file. Beside it, as `.json`, are the widths of the scripts.
 * @param scripts A text in the scripts that the picture needs.
 * @throws Error if the page looks different. It names a folder with the picture of the page and that of the difference.
 */
export async function expectPicture(
  page: Page,
  reference: string,
  { font, scripts }: { readonly font: string; readonly scripts: string },
): Promise<void> {
  const image = PNG.sync.read(await page.screenshot({ fullPage: true, animations: "disabled" }));
  const actual = coarse(image);
  const widths = await page.evaluate<number[]>(widthsOf(font, scripts));
  const fonts = reference.replace(/\.png$/, ".json");
  if (isWriting) {
    await mkdir(dirname(reference), { recursive: true });
    await writeFile(reference, PNG.sync.write(actual));
    await writeFile(fonts, `[${widths.join(", ")}]\n`);
    return;
  }
  const expected = await readFile(reference).then(PNG.sync.read, () => undefined);
  if (!expected) throw new Error(`${reference} is not there; DMREC_WRITE_PICTURES=1 writes it`);
  if ((await readFile(fonts, "utf8")).trim() !== `[${widths.join(", ")}]`) {
    console.warn(`${basename(reference)} was made with other fonts, so it is not compared.`);
    return;
  }
  const { difference, share } = differenceOf(actual, expected);
  if (share <= mostDifferent) return;
  failures ??= mkdtemp(join(tmpdir(), "dmrec-pictures-"));
  const folder = await failures;
  await writeFile(join(folder, basename(reference)), PNG.sync.write(image));
  await writeFile(join(folder, `difference-${basename(reference)}`), PNG.sync.write(difference));
  throw new Error(
    `${basename(reference)}: ${(100 * share).toFixed(2)}% of the page looks different (at most ${100 * mostDifferent}% may); see ${folder}. DMREC_WRITE_PICTURES=1 makes this look the expected one`,
  );
}

/** A picture with a pixel for each cell of another. */
function coarse({ width, height, data }: PNG): PNG {
  const small = new PNG({ width: Math.floor(width / cell), height: Math.floor(height / cell) });
  const sums = new Float64Array(small.data.length);
  for (let y = 0; y < small.height * cell; y += 1)
    for (let x = 0; x < small.width * cell; x += 1) {
      const to = 4 * (Math.floor(y / cell) * small.width + Math.floor(x / cell));
      for (let channel = 0; channel < 4; channel += 1)
        sums[to + channel] += data[4 * (y * width + x) + channel] / cell ** 2;
    }
  small.data.set(sums);
  return small;
}

/** The share of different cells. What only one picture has is different. */
function differenceOf(actual: PNG, expected: PNG): { readonly difference: PNG; readonly share: number } {
  const [width, height] = [Math.max(actual.width, expected.width), Math.max(actual.height, expected.height)];
  const [left, right] = [actual, expected].map((picture) => {
    const { data } = new PNG({ width, height });
    for (let y = 0; y < picture.height; y += 1)
      data.set(picture.data.subarray(4 * y * picture.width, 4 * (y + 1) * picture.width), 4 * y * width);
    return data;
  });
  const difference = new PNG({ width, height });
  const options = { threshold: sameColour, includeAA: true };
  const count = pixelmatch(left, right, difference.data, width, height, options);
  return { difference, share: count / (width * height) };
}

/** A program that measures each word of a text in a font, in whole pixels. It is a text: no compiler may change it. */
function widthsOf(font: string, text: string): string {
  return `(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.font = ${JSON.stringify(font)};
    return ${JSON.stringify(text)}.split(" ").map((word) => Math.round(context.measureText(word).width));
  })()`;
}
