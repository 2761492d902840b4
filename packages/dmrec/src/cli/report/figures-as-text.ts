import type { Gain, Measured } from "./report-facts";

/** A metric, such as `0.3109`. */
export const metric = (value: number) => value.toFixed(4);

/** A whole number, such as `12,345`. */
export const count = (value: number) => value.toLocaleString("en");

/** A share as a percentage, such as `31.1%`. */
export const percentage = (share: number) => `${(100 * share).toFixed(1)}%`;

/** A gain as a signed percentage, such as `+10.3%`; empty if it has none. */
export function signedPercentage({ share }: Pick<Gain, "share">): string {
  return share === undefined ? "" : `${share < 0 ? "−" : "+"}${percentage(Math.abs(share))}`;
}

/** An interval, such as `0.2981 to 0.3236`; empty if there is none. */
export function interval({ low, high }: Measured): string {
  return low === undefined || high === undefined ? "" : `${metric(low)} to ${metric(high)}`;
}

/** A p-value, such as `p = 0.0123`. */
export function probability(value: number): string {
  return value < 0.0001 ? "p < 0.0001" : `p = ${value.toFixed(4)}`;
}

/** Seconds for people: `0.12 s`, `3.4 min`, `1.2 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  return seconds < 3600 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A range of counts, such as `4–7`. */
export function range({ least, most }: { readonly least: number; readonly most: number }): string {
  return least === most ? count(least) : `${count(least)}–${count(most)}`;
}

/** A metric's name for people, such as `Recall@20`. */
export function metricName(name: string): string {
  return name.replace("recall", "Recall").replace("ndcg", "NDCG");
}
