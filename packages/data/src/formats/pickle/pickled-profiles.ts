import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { readBytes } from "../../files/read-file";
import { unpickle } from "./unpickler";

/** A text about a user or an item, with its reasoning. The text is empty if the data does not suffice for one. */
export interface PickledProfile {
  readonly profile: string;
  readonly reasoning: string;
}

const entrySchema = z.map(z.string(), z.unknown()).transform((fields) => Object.fromEntries(fields));
const profileSchema = entrySchema.pipe(z.object({ profile: z.string(), reasoning: z.string().default("") }));

/**
 * Reads a pickled dict `{index: {"profile": …, "reasoning": …}}`, such as RLMRec's `usr_prf.pkl`. Other fields are left out.
 *
 * @throws InvalidDataError naming the byte or the index.
 */
export async function readPickledProfiles(file: string): Promise<Map<number, PickledProfile>> {
  const value = unpickle(await readBytes(file), file, new Map());
  if (!(value instanceof Map))
    throw new InvalidDataError({ source: file, actual: "no dict", expected: "a dict of profiles by index" });
  const profiles = new Map<number, PickledProfile>();
  for (const [index, entry] of value) {
    if (!Number.isSafeInteger(index) || index < 0) {
      const actual = `the key ${JSON.stringify(index)}`;
      throw new InvalidDataError({ source: file, actual, expected: "an index, 0 or more" });
    }
    const parsed = profileSchema.safeParse(entry);
    if (!parsed.success) {
      const location = `index ${index}`;
      const expected = 'a dict with a text in "profile"';
      throw new InvalidDataError({ source: file, location, actual: "no profile", expected });
    }
    profiles.set(index, parsed.data);
  }
  return profiles;
}

const opcodes = {
  protocol2: Buffer.of(0x80, 2),
  emptyDict: Buffer.from("}"),
  mark: Buffer.from("("),
  setItems: Buffer.from("u"),
  stop: Buffer.from("."),
};

/** The pickle that {@link readPickledProfiles} and Python's `pickle` read, in protocol 2. */
export function pickleProfiles(profiles: ReadonlyMap<number, PickledProfile>): Uint8Array {
  const entries = [...profiles].flatMap(([index, { profile, reasoning }]) => [
    pickledInteger(index),
    ...pickledDict([
      pickledText("profile"),
      pickledText(profile),
      pickledText("reasoning"),
      pickledText(reasoning),
    ]),
  ]);
  return Buffer.concat([opcodes.protocol2, ...pickledDict(entries), opcodes.stop]);
}

const pickledDict = (keysAndValues: readonly Buffer[]) => [
  opcodes.emptyDict,
  opcodes.mark,
  ...keysAndValues,
  opcodes.setItems,
];

/** BININT, or LONG1 of 8 bytes for a number beyond 32 bits. */
function pickledInteger(value: number): Buffer {
  if (value > 0x7fffffff) {
    const bytes = Buffer.from([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.writeBigInt64LE(BigInt(value), 2);
    return bytes;
  }
  const bytes = Buffer.from("J\0\0\0\0");
  bytes.writeInt32LE(value, 1);
  return bytes;
}

/** BINUNICODE */
function pickledText(text: string): Buffer {
  const content = Buffer.from(text);
  const prefix = Buffer.from("X\0\0\0\0");
  prefix.writeUInt32LE(content.length, 1);
  return Buffer.concat([prefix, content]);
}
