import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The places in which distributions install Chromium. `CHROMIUM` names another place. */
const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The Chromium of this machine. Undefined, with a message, if there is none. */
export const chromiumFile = places.find((file) => file !== undefined && existsSync(file));

if (chromiumFile === undefined)
  console.warn(
    "No Chromium is found, so the tests of the page are skipped: apt-get install chromium, or set CHROMIUM.",
  );

/**
 * Starts Chromium without a window.
 *
 * @param netLog The file of the browser's own log of everything that it does with the network.
 */
export function startChromium(netLog: string): Promise<Browser> {
  return chromium.launch({
    ...(chromiumFile !== undefined && { executablePath: chromiumFile }),
    args: ["--no-sandbox", `--log-net-log=${netLog}`],
    timeout: 120_000,
  });
}
