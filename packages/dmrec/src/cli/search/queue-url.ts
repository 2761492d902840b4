import { InvalidArgumentError } from "commander";

/** Parses the address of a Redis. */
export function queueUrl(text: string): string {
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("expected an address such as redis://localhost:6379.");
}
