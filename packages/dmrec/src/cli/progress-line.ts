import { duration } from "./duration";

/** Seconds between two lines if the output is no terminal. */
const quietSeconds = 10;
const barWidth = 24;

/**
 * Reports how much of a countable work is done, on standard error: a bar with rate and time left in a terminal, a line
 * every few seconds elsewhere.
 *
 * @param unit What is counted, in the plural.
 */
export function progressLine(label: string, unit: string, total: number): (done: number) => void {
  const started = performance.now();
  let lastLine = started;
  return (done) => {
    const now = performance.now();
    const rate = (done / (now - started)) * 1000;
    const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : "";
    const counts = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}`;
    const line = `${counts}, ${Math.round(rate).toLocaleString("en")} a second${left}`;
    if (process.stderr.isTTY) {
      const full = Math.round((barWidth * done) / total);
      const bar = "█".repeat(full) + "░".repeat(barWidth - full);
      process.stderr.write(`\r\u001b[K${label}: ${bar} ${line}`);
    } else if (now - lastLine > quietSeconds * 1000) {
      lastLine = now;
      process.stderr.write(`${label}: ${line}\n`);
    }
  };
}
