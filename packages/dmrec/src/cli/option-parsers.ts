import { InvalidArgumentError } from "commander";
import { closest, distance } from "fastest-levenshtein";

/** Parses a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  return accept(number(text), (value) => value > 0, "a number above 0");
}

/** Parses a number from 0 up. */
export function nonnegativeNumber(text: string): number {
  return accept(number(text), (value) => value >= 0, "a number from 0 up");
}

/** Parses a share: a number from 0 up to and without 1. */
export function share(text: string): number {
  return accept(number(text), (value) => value >= 0 && value < 1, "a number from 0 to below 1");
}

/** Parses a whole number from 0 up. */
export function integer(text: string): number {
  return accept(
    number(text),
    (value) => Number.isSafeInteger(value) && value >= 0,
    "a whole number from 0 up",
  );
}

/** Parses a whole number from 1 up. */
export function positiveInteger(text: string): number {
  return accept(
    number(text),
    (value) => Number.isSafeInteger(value) && value > 0,
    "a whole number from 1 up",
  );
}

/** Parses a port to listen on. */
export function port(text: string): number {
  return accept(integer(text), (value) => value <= 65_535, "a port from 0 to 65535");
}

/** Parses a text that is not blank. */
export function words(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("expected some words.");
  return text;
}

/** Parses a ranking metric, e.g. `ndcg@10`. */
export function metric(text: string): string {
  if (/^(recall|ndcg)@[1-9]\d*$/.test(text)) return text;
  throw new InvalidArgumentError("expected recall@K or ndcg@K, such as ndcg@10.");
}

/** Parses comma-separated names. */
export function names(text: string): readonly string[] {
  const parts = text.split(",").map((name) => name.trim());
  if (parts.some((name) => name === "")) throw new InvalidArgumentError("expected names between commas.");
  return parts;
}

/** A parser of comma-separated names of models, in which `strategies` stands for several; each is kept once. */
export function modelList(
  names: readonly string[],
  strategies: readonly string[],
): (text: string) => readonly string[] {
  const modelsOf = (name: string) =>
    name.trim() === "strategies" ? strategies : [modelName(name, names, "strategies")];
  return (text) => [...new Set(text.split(",").flatMap(modelsOf))];
}

/** A parser of numbers by model, e.g. `godm=0.2,mddm=0.5`. */
export function numbersByModel(names: readonly string[]): (text: string) => Readonly<Record<string, number>> {
  return (text) =>
    Object.fromEntries(
      text.split(",").map((pair) => {
        const [name, value = ""] = pair.split("=");
        return [modelName(name, names), number(value)];
      }),
    );
}

function modelName(text: string, names: readonly string[], ...groups: readonly string[]): string {
  const name = text.trim();
  if (names.includes(name)) return name;
  const known = [...names, ...groups];
  const near = closest(name, known);
  const hint = distance(name, near) <= 1 ? `; did you mean ${near}?` : "";
  throw new InvalidArgumentError(`"${name}" is no model${hint || `; expected some of ${known.join(", ")}.`}`);
}

function accept(value: number, isValid: (value: number) => boolean, expected: string): number {
  if (isValid(value)) return value;
  throw new InvalidArgumentError(`expected ${expected}.`);
}

const repeatables = new WeakSet<object>();

/** A parser of an option that may be given several times, from a parser of one value. */
export function repeatable<Value>(parse: (text: string) => Value) {
  const parser = (text: string, before: readonly Value[] = []) => [...before, parse(text)];
  repeatables.add(parser);
  return parser;
}

/** True for a parser that {@link repeatable} made. */
export function isRepeatable(parser: object | undefined): boolean {
  return parser !== undefined && repeatables.has(parser);
}

/** Parses lengths of rankings, e.g. `5,10,50`. */
export function cutoffList(text: string): readonly number[] {
  return [...new Set(text.split(",").map(positiveInteger))].sort((a, b) => a - b);
}
