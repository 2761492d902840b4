import { z } from "zod";

/** A comma-separated list of a command line, each part checked. */
export function list<Part extends z.ZodType>(part: Part) {
  return z
    .string()
    .transform((text): unknown => text.split(",").map((word) => word.trim()))
    .pipe(z.array(part).nonempty());
}
