import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withFile } from "../../testing/with-file";
import { type PickledProfile, pickleProfiles, readPickledProfiles } from "./pickled-profiles";

/** Runs a program of Python; `undefined` where there is no Python. */
function python(program: string, input: Uint8Array = Buffer.of()): string | undefined {
  const { status, stdout } = spawnSync("python3", ["-c", program], { input, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

const dictionary = "{0: {'profile': 'é' * 300, 'reasoning': 'r', 'n': 1}, 1: {'profile': 'p'}}";
const refused = [
  "[1]",
  "{'a': {'profile': 'p'}}",
  "{3: 'p'}",
  "{3: {'profile': 4}}",
  "__import__('os').system",
];
const pickledByPython = python(`
import base64, json, pickle
pickles = [pickle.dumps(${dictionary}, protocol) for protocol in (2, 3, 4, 5)]
pickles += [pickle.dumps(value) for value in (${refused.join(", ")})]
print(json.dumps([base64.b64encode(data).decode() for data in pickles]))`);
const hasPython = pickledByPython !== undefined;
const pickles = z.array(z.base64()).parse(JSON.parse(pickledByPython ?? "[]"));
const pickle = (index: number) => Buffer.from(pickles[index], "base64");

const profiles = new Map<number, PickledProfile>([
  [0, { profile: "Fond of wit – “quoted”, \u0000 and 🎻", reasoning: "a\nb" }],
  [7, { profile: "", reasoning: "" }],
  [2 ** 31 - 1, { profile: "the last of 32 bits", reasoning: "" }],
  [2 ** 31, { profile: "beyond 32 bits", reasoning: "" }],
  [2 ** 53 - 1, { profile: "the last that is safe", reasoning: "" }],
  [300_000, { profile: "x".repeat(70_000), reasoning: "long" }],
]);

const read = (bytes: Uint8Array) => withFile(bytes, readPickledProfiles, "usr_prf.pkl");
describe("pickled profiles", () => {
  it("come back as they were", async () => {
    expect(await read(pickleProfiles(profiles))).toEqual(profiles);
    const text = fc.string({ unit: "grapheme" });
    const entries = fc.array(fc.tuple(fc.nat(), fc.record({ profile: text, reasoning: text })));
    await fc.assert(
      fc.asyncProperty(entries, async (pairs) => {
        expect(await read(pickleProfiles(new Map(pairs)))).toEqual(new Map(pairs));
      }),
      { numRuns: 30 },
    );
  });

  it.skipIf(!hasPython)("are what Python reads (skipped without python3)", () => {
    const program =
      "import json, pickle, sys; print(json.dumps(list(pickle.load(sys.stdin.buffer).items())))";
    expect(JSON.parse(python(program, pickleProfiles(profiles)) ?? "")).toEqual([...profiles]);
  });

  it.skipIf(!hasPython)("are read as Python writes them (skipped without python3)", async () => {
    for (const protocol of [2, 3, 4, 5]) {
      expect(await read(pickle(protocol - 2))).toEqual(
        new Map([
          [0, { profile: "é".repeat(300), reasoning: "r" }],
          [1, { profile: "p", reasoning: "" }],
        ]),
      );
    }
  });

  it.skipIf(!hasPython).each([
    [0, /no dict; expected a dict of profiles by index/],
    [1, /the key "a"; expected an index/],
    [2, /index 3: no profile; expected a dict with a text in "profile"/],
    [3, /index 3: no profile/],
    [4, /posix.system", which is not permitted/],
  ])("are refused where they are not (%i; skipped without python3)", (index, message) =>
    expect(read(pickle(4 + index))).rejects.toThrow(message),
  );

  it("are refused where they are cut", async () => {
    const bytes = pickleProfiles(new Map([[0, { profile: "a", reasoning: "b" }]]));
    for (let length = 0; length < bytes.length; length += 1)
      await expect(read(bytes.subarray(0, length))).rejects.toThrow(/usr_prf\.pkl/);
  });
});
