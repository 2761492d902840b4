import { DMRecError } from "@dmrec/core";
import { PickleReader } from "./pickle-reader";

/** What a name in a pickle may stand for: a pure function from arguments to plain data. */
export type PickleConstructor = (args: readonly unknown[]) => unknown;

/** The names that a pickle may use, as `module.name`. */
export type PermittedConstructors = ReadonlyMap<string, PickleConstructor>;

/** A value whose state a pickle sets after making it (the opcode BUILD). */
export interface Restorable {
  restore(state: unknown): void;
}

/** A name of the pickle that is permitted; nothing else can be called. */
class PermittedName {
  constructor(
    readonly name: string,
    readonly construct: PickleConstructor,
  ) {}
}

const mark = Symbol("mark");
const longest = 2 ** 31;

/**
 * Reads a pickle, protocols 2 to 5, without ever executing it: the names in it are looked up among the permitted
 * constructors, and any other is an error that names it.
 *
 * Lists and tuples become arrays, dicts Maps, bytes Uint8Arrays, None null.
 *
 * @throws InvalidDataError naming the byte.
 */
export function unpickle(bytes: Uint8Array, source: string, permitted: PermittedConstructors): unknown {
  const machine = new PickleMachine(new PickleReader(bytes, source), permitted);
  for (;;) {
    const code = machine.reader.uint8();
    if (code === 0x2e) return machine.pop();
    const opcode = opcodes[code];
    if (!opcode) {
      throw machine.reader.error(`opcode 0x${code.toString(16)}`, "a pickle of protocol 2 to 5");
    }
    opcode(machine);
  }
}

class PickleMachine {
  readonly memo = new Map<number, unknown>();
  readonly #stack: unknown[] = [];
  readonly #permitted: PermittedConstructors;

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
    if (this.#stack.length === 0) throw this.reader.error("nothing on the pickle's stack", "a value");
    return this.#stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** The values above the last mark, which goes with them. */
  popToMark(): unknown[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw this.reader.error("no mark on the pickle's stack", "a mark");
    return this.#stack.splice(start).slice(1);
  }

  popTuple(length: number): unknown[] {
    return Array.from({ length }, () => this.pop()).reverse();
  }

  popText(): string {
    const value = this.pop();
    if (typeof value !== "string") throw this.reader.error("no text", "the text of a name");
    return value;
  }

  /** A value on the top that has the given class. */
  topOf<Value>(type: abstract new (...args: never[]) => Value, what: string): Value {
    const value = this.top();
    if (!(value instanceof type)) throw this.reader.error("another value", what);
    return value;
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw this.reader.error(`memo ${index}, which is not set`, "a memo that is");
    this.push(this.memo.get(index));
  }

  length(value: number): number {
    if (value > longest) throw this.reader.error(`a length of ${value} bytes`, `at most ${longest}`);
    return value;
  }

  name(module: string, name: string): void {
    const qualified = `${module}.${name}`;
    const construct = this.#permitted.get(qualified);
    if (!construct) {
      const expected = `only names that build arrays: ${[...new Set([...this.#permitted.keys()].map((key) => key.split(".")[0]))].join(", ")}`;
      throw this.reader.error(`the pickle asks for "${qualified}", which is not permitted`, expected);
    }
    this.push(new PermittedName(qualified, construct));
  }

  /** Builds a value from a permitted name and arguments. */
  call(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PermittedName) || !Array.isArray(args))
      throw this.reader.error("no permitted call", "a name and a tuple");
    this.push(this.guarded(`${callee.name}`, () => callee.construct(args)));
  }

  build(): void {
    const state = this.pop();
    const value = this.top();
    if (!isRestorable(value))
      throw this.reader.error("a state for a value that takes none", "an array or matrix");
    this.guarded("the state of a value", () => value.restore(state));
  }

  /** What a constructor says is wrong, with the place. */
  guarded<Value>(what: string, make: () => Value): Value {
    try {
      return make();
    } catch (cause) {
      if (DMRecError.isInstance(cause))
        throw this.reader.error(`${what}: ${cause.message}`, "a valid array or matrix");
      throw cause;
    }
  }
}

function isRestorable(value: unknown): value is Restorable {
  return (
    typeof value === "object" && value !== null && "restore" in value && typeof value.restore === "function"
  );
}

const binaryBytes = (machine: PickleMachine, length: number) =>
  machine.push(machine.reader.bytes(machine.length(length)));
const binaryText = (machine: PickleMachine, length: number) =>
  machine.push(machine.reader.text(machine.length(length)));
const append = (machine: PickleMachine, values: readonly unknown[]) => {
  const list = machine.topOf<unknown[]>(Array, "a list");
  for (const value of values) list.push(value);
};
const setItems = (machine: PickleMachine, values: readonly unknown[]) => {
  const dictionary = machine.topOf<Map<unknown, unknown>>(Map, "a dict");
  for (let index = 0; index + 1 < values.length; index += 2) dictionary.set(values[index], values[index + 1]);
};

/** What each opcode does (Python's pickletools lists them). */
const opcodes: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  128: ({ reader }) => void reader.uint8(), // PROTO
  149: ({ reader }) => void reader.uint64(), // FRAME
  40: (machine) => machine.push(mark), // MARK
  48: (machine) => void machine.pop(), // POP
  49: (machine) => void machine.popToMark(), // POP_MARK
  50: (machine) => machine.push(machine.top()), // DUP
  78: (machine) => machine.push(null), // NONE
  136: (machine) => machine.push(true), // NEWTRUE
  137: (machine) => machine.push(false), // NEWFALSE
  74: (machine) => machine.push(machine.reader.int32()), // BININT
  75: (machine) => machine.push(machine.reader.uint8()), // BININT1
  77: (machine) => machine.push(machine.reader.uint16()), // BININT2
  138: (machine) => machine.push(machine.reader.long(machine.reader.uint8())), // LONG1
  139: (machine) => machine.push(machine.reader.long(machine.length(machine.reader.uint32()))), // LONG4
  71: (machine) => machine.push(machine.reader.float64()), // BINFLOAT
  140: (machine) => binaryText(machine, machine.reader.uint8()), // SHORT_BINUNICODE
  88: (machine) => binaryText(machine, machine.reader.uint32()), // BINUNICODE
  141: (machine) => binaryText(machine, machine.reader.uint64()), // BINUNICODE8
  67: (machine) => binaryBytes(machine, machine.reader.uint8()), // SHORT_BINBYTES
  66: (machine) => binaryBytes(machine, machine.reader.uint32()), // BINBYTES
  142: (machine) => binaryBytes(machine, machine.reader.uint64()), // BINBYTES8
  150: (machine) => binaryBytes(machine, machine.reader.uint64()), // BYTEARRAY8
  41: (machine) => machine.push([]), // EMPTY_TUPLE
  133: (machine) => machine.push(machine.popTuple(1)), // TUPLE1
  134: (machine) => machine.push(machine.popTuple(2)), // TUPLE2
  135: (machine) => machine.push(machine.popTuple(3)), // TUPLE3
  116: (machine) => machine.push(machine.popToMark()), // TUPLE
  93: (machine) => machine.push([]), // EMPTY_LIST
  97: (machine) => {
    const value = machine.pop();
    append(machine, [value]);
  }, // APPEND
  101: (machine) => {
    const values = machine.popToMark();
    append(machine, values);
  }, // APPENDS
  125: (machine) => machine.push(new Map()), // EMPTY_DICT
  115: (machine) => {
    const pair = machine.popTuple(2);
    setItems(machine, pair);
  }, // SETITEM
  117: (machine) => {
    const pairs = machine.popToMark();
    setItems(machine, pairs);
  }, // SETITEMS
  104: (machine) => machine.recall(machine.reader.uint8()), // BINGET
  106: (machine) => machine.recall(machine.reader.uint32()), // LONG_BINGET
  113: (machine) => void machine.memo.set(machine.reader.uint8(), machine.top()), // BINPUT
  114: (machine) => void machine.memo.set(machine.reader.uint32(), machine.top()), // LONG_BINPUT
  148: (machine) => void machine.memo.set(machine.memo.size, machine.top()), // MEMOIZE
  99: (machine) => {
    const module = machine.reader.line();
    machine.name(module, machine.reader.line());
  }, // GLOBAL
  147: (machine) => {
    const name = machine.popText();
    machine.name(machine.popText(), name);
  }, // STACK_GLOBAL
  82: (machine) => machine.call(), // REDUCE
  129: (machine) => machine.call(), // NEWOBJ
  98: (machine) => machine.build(), // BUILD
};
