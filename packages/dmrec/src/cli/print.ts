import type { Command } from "commander";

/** Shows a line to the person who runs a command. */
export type Print = (line: string) => void;

/** A flag of every command whose result a script may read. */
export interface JsonFlag {
  readonly json: boolean;
}

/** Adds {@link JsonFlag} to a command. */
export function addJsonOption(command: Command): void {
  command.option("--json", "the result as JSON on standard output", false);
}

/** Shows lines on standard output, or on standard error if that is for the result as JSON. */
export function printer({ json }: JsonFlag): Print {
  return json ? (line) => console.error(line) : (line) => console.log(line);
}

/** Prints the result of a command for scripts: one JSON value. */
export function printJson(result: unknown): void {
  console.log(JSON.stringify(result, null, 2));
}
