import { InvalidDataError } from "@dmrec/core";
import type { InvalidLineHandler } from "../formats/table/table";
import type { LoadSettings } from "./load-options";

/** The lines of a file that are left out because they are not valid. */
export interface InvalidLines {
  /** Throws the error of the first such line, unless the settings leave it out. */
  readonly handler: InvalidLineHandler;
  /** Warns of them, if there are any. */
  report(): void;
}

/** Collects the lines of a file that are not valid, if the settings leave them out. */
export function collectInvalidLines(
  source: string,
  { onInvalidLine, onWarning }: Pick<LoadSettings, "onInvalidLine" | "onWarning">,
): InvalidLines {
  let count = 0;
  let first: InvalidDataError | undefined;
  return {
    handler:
      onInvalidLine === "error"
        ? (error) => {
            throw withAdvice(error);
          }
        : (error) => {
            count += 1;
            first ??= error;
          },
    report: () => {
      if (first === undefined) return;
      const message = `a line is left out, because it is not valid (${first.message})`;
      onWarning({ source, message, count, leftOut: count === 1 ? "invalid line" : "invalid lines" });
    },
  };
}

/** The error with what to type to read the other lines. */
function withAdvice(cause: InvalidDataError): InvalidDataError {
  const { source, location, actual } = cause;
  const expected = `${cause.expected}, or the option onInvalidLine: "skip" (--invalid-lines skip) to leave such lines out`;
  return new InvalidDataError({
    source,
    ...(location !== undefined && { location }),
    actual,
    expected,
    cause,
  });
}
