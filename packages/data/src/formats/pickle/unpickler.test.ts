import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, fixtureNames } from "../fixtures/fixture";
import { type PickleConstructor, Restorable } from "./pickle-machine";
import { unpickle } from "./unpickler";

class Box extends Restorable {
  content: unknown = "nothing";

  restore(state: unknown): void {
    if (state === null)
      throw new InvalidDataError({ source: "a box", actual: "a box of nothing", expected: "something" });
    this.content = state;
  }
}

const permitted = new Map<string, PickleConstructor>([
  ["shop.Box", () => new Box()],
  ["shop.pair", ([first, second]) => ({ first, second })],
]);

/** A pickle of protocol 4 of given opcodes: texts stand for their characters, numbers for bytes. */
function run(...parts: readonly (string | number)[]): unknown {
  const bytes = parts.map((part) =>
    typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.of(part),
  );
  return unpickle(Buffer.concat([Buffer.of(0x80, 4), ...bytes]), "box.pkl", permitted);
}

describe("unpickle", () => {
  it.each<[name: string, parts: (string | number)[], expected: unknown]>([
    ["NONE", ["N."], null],
    ["NEWTRUE and NEWFALSE", [0x88, 0x89, 0x86, "."], [true, false]],
    ["BININT", ["J", 0xfe, 0xff, 0xff, 0xff, "."], -2],
    ["BININT1 and BININT2", ["K", 200, "M", 1, 2, 0x86, "."], [200, 513]],
    ["LONG1", [0x8a, 5, 0, 0, 0, 0, 1, 0x8a, 1, 0xff, 0x8a, 0, 0x87, "."], [2 ** 32, -1, 0]],
    ["LONG4", [0x8b, 2, 0, 0, 0, 0, 0x80, "."], -32768],
    ["BINFLOAT", ["G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, "."], 1.5],
    ["SHORT_BINUNICODE", [0x8c, 2, 0xc3, 0xa9, "."], "é"],
    ["BINUNICODE", ["X", 1, 0, 0, 0, "a."], "a"],
    ["BINUNICODE8", [0x8d, 1, 0, 0, 0, 0, 0, 0, 0, "a."], "a"],
    ["SHORT_BINBYTES", ["C", 2, 0, 255, "."], Buffer.of(0, 255)],
    ["BINBYTES", ["B", 1, 0, 0, 0, "a."], Buffer.from("a")],
    ["BINBYTES8", [0x8e, 1, 0, 0, 0, 0, 0, 0, 0, "a."], Buffer.from("a")],
    ["BYTEARRAY8", [0x96, 1, 0, 0, 0, 0, 0, 0, 0, "a."], Buffer.from("a")],
    ["FRAME", [0x95, 2, 0, 0, 0, 0, 0, 0, 0, "N."], null],
    ["EMPTY_TUPLE, TUPLE1 and TUPLE", ["()N", 0x85, "Nt."], [[], [null], null]],
    ["TUPLE2 and TUPLE3", ["K", 1, "K", 2, 0x86, "K", 3, "K", 4, 0x87, "."], [[1, 2], 3, 4]],
    ["APPEND and APPENDS", ["]K", 1, "a(K", 2, "K", 3, "e."], [1, 2, 3]],
    [
      "SETITEM and SETITEMS",
      ["}K", 1, "Ns(K", 2, "NK", 3, "Nu."],
      new Map([
        [1, null],
        [2, null],
        [3, null],
      ]),
    ],
    ["POP, POP_MARK and DUP", ["K", 1, "K", 2, "0(NN12", 0x86, "."], [1, 1]],
    ["BINPUT and BINGET", ["Nq", 7, "0h", 7, "."], null],
    ["LONG_BINPUT and LONG_BINGET", ["Nr", 0, 1, 0, 0, "0j", 0, 1, 0, 0, "."], null],
    ["MEMOIZE", ["K", 5, 0x94, "K", 6, 0x94, "00h", 1, "."], 6],
    ["GLOBAL and REDUCE", ["cshop\npair\nK", 1, "K", 2, 0x86, "R."], { first: 1, second: 2 }],
    [
      "STACK_GLOBAL",
      [0x8c, 4, "shop", 0x8c, 4, "pair", 0x93, ")R."],
      { first: undefined, second: undefined },
    ],
    ["NEWOBJ and BUILD", ["cshop\nBox\n)", 0x81, "K", 9, "b."], Object.assign(new Box(), { content: 9 })],
  ])("follows %s", (_, parts, expected) => {
    expect(run(...parts)).toEqual(expected);
  });

  it.each([2, 3, 4, 5])(
    "reads plain values of protocol 4 with protocol %d in its first bytes",
    (protocol) => {
      const bytes = fixture("wrong-array-dict.pkl").fill(protocol, 1, 2);
      const items = [1, 2.5, null, true, "x", Buffer.from("y"), 2 ** 40];
      expect(unpickle(bytes, "dict.pkl", permitted)).toEqual(
        new Map<string, unknown>([
          ["users", 3],
          ["items", items],
        ]),
      );
    },
  );

  it.each(fixtureNames.filter((name) => name.startsWith("wrong-command")))(
    "never runs the command of %s",
    (name) => {
      const read = () => unpickle(fixture(name), name, permitted);
      expect(read).toThrow(InvalidDataError);
      if (!name.includes("within")) {
        expect(read).toThrow(/byte \d+: the pickle asks for "posix\.system", which is not permitted/);
      }
    },
  );

  it.each([
    ["an empty file", [], "byte 0: the file ends at byte 0"],
    ["a text", ["1 2 3\n"], "byte 0: no such pickle; expected a pickle of protocol 2 to 5"],
    ["a pickle of protocol 0", ["(lp0\n."], "byte 0: no such pickle; expected a pickle of protocol 2 to 5"],
    ["protocol 1", [0x80, 1, "N."], "byte 0: no such pickle"],
    ["protocol 6", [0x80, 6, "N."], "byte 0: no such pickle"],
  ])("refuses %s", (_, parts, message) => {
    const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part)));
    const read = () => unpickle(Buffer.concat(bytes), "box.pkl", permitted);
    expect(read).toThrow(InvalidDataError);
    expect(read).toThrow(`box.pkl, ${message}`);
  });

  it.each([
    ["the lack of an end", ["N"], "byte 3: the file ends at byte 3; expected 1 bytes from byte 3"],
    [
      "an argument that is cut",
      ["NJ", 1, 2],
      "byte 3: the file ends at byte 6; expected 4 bytes from byte 4",
    ],
    [
      "an absurd length",
      ["NB", 0xff, 0xff, 0xff, 0xff, "."],
      "byte 3: the file ends at byte 9; expected 4294967295 bytes",
    ],
    ["an absurd length of 64 bits", [0x8e, ...Array(8).fill(0xff), "."], "byte 2: the file ends at byte 12"],
    ["an absurd text", [0x8d, ...Array(8).fill(0xff), "."], "byte 2: a text of 18446744073709552000 bytes"],
    [
      "an absurd integer",
      [0x8b, 0xff, 0xff, 0xff, 0xff, "."],
      "byte 2: an integer of 4294967295 bytes; expected at most 8",
    ],
    [
      "a long integer",
      [0x8a, 9, ...Array(9).fill(0), "."],
      "byte 2: an integer of 9 bytes; expected at most 8",
    ],
    ["an unknown opcode", ["N", 0xfe, "."], "byte 3: the opcode 0xfe; expected an opcode of a plain array"],
    ["a persistent name", ["Q."], "byte 2: the opcode 0x51"],
    ["bytes after the end", ["N.N."], "byte 3: 2 bytes after the pickle"],
    ["nothing", ["."], "byte 2: an empty stack; expected a value on it"],
    ["a value below a mark", ["N(0."], "byte 4: an empty stack"],
    ["too small a tuple", ["N", 0x87, "."], "byte 3: an empty stack"],
    ["a tuple without a mark", ["Nt."], "byte 3: no mark"],
    ["a memo that is not set", ["h", 3, "."], "byte 2: memo 3, which is not set"],
    ["nothing to remember", [0x94, "."], "byte 2: an empty stack"],
    ["an append to no list", ["NNa."], "byte 4: values to append to no list"],
    ["an item of no dict", ["NNNs."], "byte 5: items to set that are no pairs or of no dict"],
    ["an item without a value", ["}(Nu."], "byte 5: items to set that are no pairs or of no dict"],
    ["a name without an end", ["cshop\npair"], "byte 2: a line that does not end"],
    ["a name that is no text", ["NN", 0x93, "."], "byte 4: a name that is no text"],
    ["a command", ["cos\nsystem\n."], 'byte 2: the pickle asks for "os.system", which is not permitted'],
    [
      "a name of objects",
      ["cconstructor\nconstructor\n."],
      'byte 2: the pickle asks for "constructor.constructor"',
    ],
    ["a call of a value", ["N)R."], "byte 4: a call of no permitted name"],
    ["a call without arguments", ["cshop\nBox\nNR."], "byte 13: a call of no permitted name"],
    ["the state of none", ["NNb."], "byte 4: the state of a value that has none"],
    ["a state that the value refuses", ["cshop\nBox\n)", 0x81, "Nb."], "byte 15: a state: a box of nothing"],
  ])("refuses %s", (_, parts, message) => {
    expect(() => run(...parts)).toThrow(InvalidDataError);
    expect(() => run(...parts)).toThrow(`box.pkl, ${message}`);
  });

  it("needs no deep stack for deep values", () => {
    expect(() => run("N", "\x85".repeat(200_000), ".")).not.toThrow();
  });

  it("gives a value or an InvalidDataError, whatever the opcodes", () => {
    const common = [
      ..."(012NJKMGXCBt]ae}suhqcRb).",
      "\x85",
      "\x86",
      "\x87",
      "\x88",
      "\x8c",
      "\x93",
      "\x94",
      "\x81",
    ];
    const part = fc.oneof(fc.constantFrom(...common, "cshop\nBox\n", "cshop\npair\n"), fc.nat(255));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        try {
          run(...parts, ".");
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDataError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
