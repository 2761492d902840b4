import { existsSync, readFileSync } from "node:fs";

const statusFile = "/proc/self/status";

/** The value below which a share of the values is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The peak memory of this process so far, in MB. */
export function peakMemoryMb(): number {
  // Linux counts what a parent held at the fork into `maxRSS`; the status file counts this program only.
  const status = existsSync(statusFile) ? readFileSync(statusFile, "utf8") : "";
  const highWater = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return (highWater === undefined ? process.resourceUsage().maxRSS : Number(highWater)) / 1024;
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
