import { InvalidArgumentError } from "commander";
import { type VariantName, variantNames } from "../variant-names";

/** A number of a command line's option. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/** A whole number, 0 or more. */
export function integer(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("expected a whole number, 0 or more.");
  return value;
}

/** A text with something in it. */
export function words(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("expected some words.");
  return text;
}

/** Comma-separated names of models, each once. */
export function variantsOf(text: string): VariantName[] {
  return [...new Set(text.split(",").map((name) => variantOf(name.trim())))];
}

/** Weights by model: `base=0.2,mddm=0.5`. */
export function betasOf(text: string): Partial<Record<VariantName, number>> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [name, value = ""] = pair.split("=");
      return [variantOf(name.trim()), number(value)];
    }),
  );
}

function variantOf(name: string): VariantName {
  const known = variantNames.find((variant) => variant === name);
  if (!known)
    throw new InvalidArgumentError(`"${name}" is no model; expected some of ${variantNames.join(", ")}.`);
  return known;
}
