import type { RandomGenerator } from "@dmrec/core";
import { InvalidArgumentError } from "commander";

/** The value of a model's option, or of its training's. */
export type SettingValue = number | string | boolean;

/** The differences of a trial from the settings that the search starts from, by option. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** The numbers from `low` to `high`, both included. */
export interface NumberRange {
  readonly kind: "range";
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Numbers are drawn uniformly by their logarithm. */
  readonly isLogarithmic: boolean;
  readonly isWhole: boolean;
}

/** Values that are equally likely. */
export interface Choice {
  readonly kind: "choice";
  readonly name: string;
  readonly values: readonly SettingValue[];
}

/** An option to search, and its values. */
export type SearchOption = NumberRange | Choice;

const rangeExample = "expected NAME=LOW..HIGH, such as learningRate=1e-4..1e-2:log or steps=2..8:int.";
const choiceExample = "expected NAME=VALUE,VALUE, such as latentDimension=32,64,200.";

/** Digits of a drawn number, so that it can be read and typed. */
const digits = 3;

/**
 * Parses a range of numbers, e.g. `learningRate=1e-4..1e-2:log` or `steps=2..8:int`.
 *
 * @throws InvalidArgumentError saying what to type instead.
 */
export function parseRange(text: string): NumberRange {
  const [, name, from, to, marks] = text.match(/^([\w.]+)=([^:]+?)\.\.([^:]+?)((?::\w+)*)$/) ?? [];
  const [low, high] = [Number(from), Number(to)];
  if (name === undefined || !Number.isFinite(low) || !Number.isFinite(high))
    throw new InvalidArgumentError(rangeExample);
  const kinds = marks.split(":").slice(1);
  const unknown = kinds.find((kind) => kind !== "log" && kind !== "int");
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `":${unknown}" is unknown; end the range with :log, :int, both or nothing.`,
    );
  if (low >= high)
    throw new InvalidArgumentError(`${from} is not below ${to}; write the lower number first.`);
  const isLogarithmic = kinds.includes("log");
  if (isLogarithmic && low <= 0)
    throw new InvalidArgumentError(`${from} has no logarithm; start above 0, or leave out :log.`);
  const isWhole = kinds.includes("int");
  if (isWhole && !(Number.isInteger(low) && Number.isInteger(high)))
    throw new InvalidArgumentError("the ends are no whole numbers; round them, or leave out :int.");
  return { kind: "range", name, low, high, isLogarithmic, isWhole };
}

/**
 * Parses values to choose from, e.g. `latentDimension=32,64,200`.
 *
 * @throws InvalidArgumentError saying what to type instead.
 */
export function parseChoice(text: string): Choice {
  const [, name, list] = text.match(/^([\w.]+)=(.+)$/) ?? [];
  const values = [...new Set((list ?? "").split(",").map((value) => value.trim()))];
  if (name === undefined || values.includes("")) throw new InvalidArgumentError(choiceExample);
  return { kind: "choice", name, values: values.map(parseValue) };
}

function parseValue(text: string): SettingValue {
  if (text === "true" || text === "false") return text === "true";
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/**
 * Draws the settings of a trial, each option independently (random search: Bergstra and Bengio 2012). They depend only on the
 * seed and the trial's number, so a longer search begins with the trials of a shorter one.
 */
export function drawSettings(
  space: readonly SearchOption[],
  random: RandomGenerator,
  trial: number,
): Settings {
  const values = space.map((option) => {
    const share = random.fork("search", trial, option.name).uniform();
    return [option.name, valueAt(option, share)] as const;
  });
  return Object.fromEntries(values);
}

/** The value at a share of an option's values, from 0 for the first to 1, without 1, for the last. */
export function valueAt(option: SearchOption, share: number): SettingValue {
  if (option.kind === "choice") return option.values[Math.floor(share * option.values.length)];
  const { low, high, isLogarithmic, isWhole } = option;
  // Whole numbers are equally likely, those at the ends, too.
  const [first, last] = isWhole ? [low - 0.5, high + 0.5] : [low, high];
  const exact = isLogarithmic && first > 0 ? first * (last / first) ** share : first + share * (last - first);
  const value = isWhole ? Math.round(exact) : Number(exact.toPrecision(digits));
  return Math.min(high, Math.max(low, value));
}

/** The share at which an option has a value, the inverse of {@link valueAt}: the middle of all that give the value. */
export function shareOf(option: SearchOption, value: SettingValue): number {
  if (option.kind === "choice")
    return (Math.max(0, option.values.indexOf(value)) + 0.5) / option.values.length;
  const { low, high, isLogarithmic, isWhole } = option;
  const [first, last] = isWhole ? [low - 0.5, high + 0.5] : [low, high];
  const scale = isLogarithmic && first > 0 ? Math.log : (exact: number) => exact;
  const share = (scale(Number(value)) - scale(first)) / (scale(last) - scale(first));
  // The settings that a search starts from may be outside of the range.
  return Math.min(1 - 1e-9, Math.max(0, share));
}

/** Values that show whether a model accepts an option: the ends of a range and a fraction between, or all choices. */
export function sampleValues(option: SearchOption): readonly SettingValue[] {
  if (option.kind === "choice") return option.values;
  const { low, high, isWhole } = option;
  return isWhole ? [low, high] : [low, high, Number((low + 0.382 * (high - low)).toPrecision(6))];
}

/** Describes settings in one line. */
export function describeSettings(settings: Settings): string {
  const words = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "the given settings" : words.join(", ");
}
