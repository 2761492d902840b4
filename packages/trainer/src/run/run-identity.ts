import type { JsonObject } from "@dmrec/core";

/** The identity of a run. A checkpoint is valid only for a run of the same identity. */
export interface RunIdentity {
  readonly model: JsonObject;
  /** The hash of the data. */
  readonly data: string;
  /** The options that decide what each step does. */
  readonly training: JsonObject;
}

/** Lists the differences between two JSON values, each with its path. */
export function differences(saved: unknown, here: unknown, path = ""): string[] {
  if (isObject(saved) && isObject(here)) {
    const keys = new Set([...Object.keys(saved), ...Object.keys(here)]);
    return [...keys].flatMap((key) =>
      differences(saved[key], here[key], path === "" ? key : `${path}.${key}`),
    );
  }
  const [then, now] = [JSON.stringify(saved) ?? "absent", JSON.stringify(here) ?? "absent"];
  return then === now ? [] : [`${path} was ${then} and is ${now}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
