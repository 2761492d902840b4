/** A value that Python writes. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** The deepest lists in lists that are read. */
const deepestNesting = 100;
const largestCodePoint = 0x10ffff;
/** A name or a number. */
const word = /[\w.+-]+/y;
const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs;
const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };
const constants = new Map<string, PythonValue>([
  ["True", true],
  ["False", false],
  ["None", null],
  ["nan", null],
]);

/**
 * Parses a value as Python's `repr` writes it: `{'id': 3, 'tags': ['a', "b's"], 'is_ebook': False}`. Whole numbers that JavaScript
 * does not hold exactly become texts.
 *
 * @returns An object with the value; undefined for a text that is no such value.
 */
export function parsePython(text: string): { readonly value: PythonValue } | undefined {
  const reader = new Reader(text.trim());
  try {
    const value = reader.value();
    return reader.isAtEnd() ? { value } : undefined;
  } catch (cause) {
    if (cause instanceof NoLiteral) return undefined;
    throw cause;
  }
}

class NoLiteral extends Error {}

class Reader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#next() === "";
  }

  value(): PythonValue {
    const sign = this.#next();
    if (sign === "'" || sign === '"') return this.#string(sign);
    const start = this.#position;
    if (sign === "{") return this.#nested(() => this.#object());
    if (sign === "[") return this.#nested(() => this.#list("]"));
    if (sign === "(") return this.#nested(() => this.#list(")"));
    word.lastIndex = start;
    const [name] = word.exec(this.#text) ?? [];
    if (name === undefined) throw new NoLiteral();
    this.#position += name.length;
    const quote = this.#text[this.#position];
    // u'text', b'text'
    const isPrefix = name.length === 1 && (quote === "'" || quote === '"');
    return isPrefix ? this.#string(quote) : wordValue(name);
  }

  #nested<Value>(read: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > deepestNesting) throw new NoLiteral();
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #list(end: string): PythonValue[] {
    this.#position += 1;
    const values: PythonValue[] = [];
    while (!this.#take(end)) {
      values.push(this.value());
      if (!this.#take(",") && this.#next() !== end) throw new NoLiteral();
    }
    return values;
  }

  #object(): { readonly [key: string]: PythonValue } {
    this.#position += 1;
    const entries: [string, PythonValue][] = [];
    while (!this.#take("}")) {
      const key = String(this.value());
      if (!this.#take(":")) throw new NoLiteral();
      entries.push([key, this.value()]);
      if (!this.#take(",") && this.#next() !== "}") throw new NoLiteral();
    }
    // Any name becomes a field, also "__proto__".
    return Object.fromEntries(entries);
  }

  #string(quote: string): string {
    const start = this.#position + 1;
    let end = this.#text.indexOf(quote, start);
    while (end >= 0 && isEscaped(this.#text, end)) end = this.#text.indexOf(quote, end + 1);
    if (end < 0) throw new NoLiteral();
    this.#position = end + 1;
    return unescaped(this.#text.slice(start, end));
  }

  #take(sign: string): boolean {
    if (this.#next() !== sign) return false;
    this.#position += 1;
    return true;
  }

  /** The next character that is no space; empty at the end. */
  #next(): string {
    while (this.#text[this.#position] === " ") this.#position += 1;
    return this.#text[this.#position] ?? "";
  }
}

/** True for a character after an odd number of backslashes. */
function isEscaped(text: string, position: number): boolean {
  let start = position;
  while (text[start - 1] === "\\") start -= 1;
  return (position - start) % 2 === 1;
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(escapes, (_, two, four, eight, character) => {
    const code = two ?? four ?? eight;
    if (code === undefined) return controls[character] ?? character;
    const point = Number(`0x${code}`);
    if (point > largestCodePoint) throw new NoLiteral();
    return String.fromCodePoint(point);
  });
}

function wordValue(name: string): PythonValue {
  const constant = constants.get(name);
  if (constant !== undefined) return constant;
  const number = Number(name);
  if (Number.isNaN(number)) throw new NoLiteral();
  return /^-?\d{16,}$/.test(name) && !Number.isSafeInteger(number) ? name : number;
}
