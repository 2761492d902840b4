import type { JsonObject } from "@dmrec/core";

/** What makes a run the same run: a checkpoint is good for a run of the same identity alone. */
export interface RunIdentity {
  readonly model: JsonObject;
  /** The hash of the data. */
  readonly data: string;
  /** The options that decide what each step does. */
  readonly training: JsonObject;
}

/** The places where two JSON values differ, each as `path: saved, here`. */
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
