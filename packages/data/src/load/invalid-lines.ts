import type { InvalidDataError } from "@dmrec/core";
import type { InvalidLineHandler } from "../formats/table/table";
import type { LoadSettings } from "./load-options";

/** The lines of a file that are left out because they are not valid. */
export interface InvalidLines {
  /** Undefined if the first such line is an error. */
  readonly handler: InvalidLineHandler | undefined;
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
        ? undefined
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
