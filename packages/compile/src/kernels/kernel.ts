import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import type { Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";

/** Translates a tfjs kernel: appends its operations to a graph and returns its result. */
export type Kernel = (
  builder: GraphBuilder,
  inputs: KernelInputs,
  attributes: KernelAttributes,
) => Value | Value[];

/** The tensors that tfjs passes to a kernel, by name. */
export type KernelInputs = Readonly<Record<string, Value>>;

/** The other arguments that tfjs gives to a kernel; they are as its types say, which the readers below rely on. */
export class KernelAttributes {
  readonly #attributes: NamedAttrMap;

  constructor(attributes: NamedAttrMap = {}) {
    this.#attributes = attributes;
  }

  number(name: string): number {
    const value = this.#attributes[name];
    if (typeof value !== "number")
      throw new TypeError(`the attribute ${name} is ${typeof value}, not a number`);
    return value;
  }

  boolean(name: string): boolean {
    return this.#attributes[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#attributes[name];
    return typeof value === "string" ? value : undefined;
  }

  /** A list; a lone number counts as a list of one, and what is left out as `undefined`. */
  numbers(name: string): number[] | undefined {
    const value = this.#attributes[name];
    if (typeof value === "number") return [value];
    return Array.isArray(value) ? value.map(Number) : undefined;
  }

  /** A list of pairs. */
  pairs(name: string): [number, number][] {
    const value = this.#attributes[name];
    return Array.isArray(value)
      ? value.map((pair) => (Array.isArray(pair) ? [Number(pair[0]), Number(pair[1])] : [0, 0]))
      : [];
  }
}

/** Axes counted from the front, in ascending order; all of them by default. */
export function normalizeAxes(axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}
