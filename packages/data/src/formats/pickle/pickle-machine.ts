import { InvalidDataError } from "@dmrec/core";
import type { PickleReader } from "./pickle-reader";

/**
 * The meaning of a name in a pickle: a pure function from arguments to plain data. An InvalidDataError that it throws
 * becomes one that names the byte.
 */
export type PickleConstructor = (args: readonly unknown[]) => unknown;

/** The names that a pickle may use, as `module.name`. */
export type PermittedConstructors = ReadonlyMap<string, PickleConstructor>;

/** A value whose state a pickle sets after making it (the opcode BUILD). */
export abstract class Restorable {
  abstract restore(state: unknown): void;
}

/** A permitted name in the pickle. Nothing else can be called. */
class PermittedName {
  constructor(
    readonly name: string,
    readonly construct: PickleConstructor,
  ) {}
}

/** The stack and memo that a pickle's opcodes work on. */
export class PickleMachine {
  readonly #permitted: PermittedConstructors;
  readonly #memo = new Map<number, unknown>();
  /** The values since the last mark, and those before each mark that is open. */
  #stack: unknown[] = [];
  readonly #beforeMarks: unknown[][] = [];

  constructor(
    readonly reader: PickleReader,
    permitted: PermittedConstructors,
  ) {
    this.#permitted = permitted;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw this.#error("an empty stack", "a value on it");
    return this.#stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  popTuple(length: number): unknown[] {
    return Array.from({ length }, () => this.pop()).reverse();
  }

  mark(): void {
    this.#beforeMarks.push(this.#stack);
    this.#stack = [];
  }

  /** Removes the last mark and returns the values since it. */
  popToMark(): unknown[] {
    const values = this.#stack;
    const before = this.#beforeMarks.pop();
    if (!before) throw this.#error("no mark", "a mark on the stack");
    this.#stack = before;
    return values;
  }

  /** Remembers the top, by default under the next index. */
  memoize(index = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw this.#error(`memo ${index}, which is not set`, "one that is");
    this.push(this.#memo.get(index));
  }

  /** Adds values to the list on top. */
  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.#error("values to append to no list", "a list");
    for (const value of values) list.push(value);
  }

  /** Adds keys and values, in turn, to the dict on top. */
  setItems(pairs: readonly unknown[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || pairs.length % 2 !== 0) {
      throw this.#error("items to set that are no pairs or of no dict", "keys and values of a dict");
    }
    for (let index = 0; index < pairs.length; index += 2) dictionary.set(pairs[index], pairs[index + 1]);
  }

  /** Pushes the permitted constructor of a name. */
  name(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.#error("a name that is no text", "a module and a name");
    }
    const qualifiedName = `${module}.${name}`;
    const construct = this.#permitted.get(qualifiedName);
    if (!construct) {
      const actual = `the pickle asks for ${JSON.stringify(qualifiedName)}, which is not permitted`;
      throw this.#error(actual, "a pickle of a plain array or matrix");
    }
    this.push(new PermittedName(qualifiedName, construct));
  }

  /** Builds a value from a permitted name and its arguments. */
  call(): void {
    const [callee, args] = this.popTuple(2);
    if (!(callee instanceof PermittedName) || !Array.isArray(args)) {
      throw this.#error("a call of no permitted name", "a permitted name and its arguments");
    }
    this.#located(callee.name, () => this.push(callee.construct(args)));
  }

  /** Sets the state of the value below it. */
  build(): void {
    const state = this.pop();
    const value = this.top();
    if (!(value instanceof Restorable)) throw this.#error("the state of a value that has none", "an array");
    this.#located("a state", () => value.restore(state));
  }

  /** Adds the byte to the error of a constructor. */
  #located(what: string, make: () => void): void {
    try {
      make();
    } catch (cause) {
      if (!InvalidDataError.isInstance(cause)) throw cause;
      throw this.#error(`${what}: ${cause.actual}`, cause.expected);
    }
  }

  #error(actual: string, expected: string): InvalidDataError {
    return this.reader.error(actual, expected);
  }
}
