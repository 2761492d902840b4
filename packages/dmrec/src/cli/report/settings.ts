import type { PlannedTraining } from "../../app/resolve-plan";
import type { ResolvedModel } from "../../zoo/model-zoo";
import type { DataFlags } from "../comparison-data";
import type { Setting } from "./report-facts";

/** Every choice that a model was made and trained with. */
export function modelSettings(
  { base, options, matching, training }: ResolvedModel,
  common: PlannedTraining,
): Setting[] {
  return flattened({
    ...(base !== undefined && { base }),
    ...options,
    matching,
    training: { ...common, ...training },
  });
}

/** The flags that the data was read with. */
export function dataSettings(flags: DataFlags): Setting[] {
  return flattened(flags);
}

/** The leaves of an object by their paths. */
function flattened(value: unknown, path = ""): Setting[] {
  if (value === undefined) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) =>
      flattened(inner, path === "" ? key : `${path}.${key}`),
    );
  return [{ name: path, value: typeof value === "string" ? value : JSON.stringify(value) }];
}
