import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initialRunState } from "../run/run-state";
import { type Checkpoint, CheckpointStore, removeCheckpoint } from "./checkpoint-store";

const identity = { model: { name: "m", latentDimension: 2 }, data: "hash", training: { seed: 1 } };
const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });

/** The arrays of the run's model. */
const arrays = new Map([["w", { shape: [2] }]]);
const storeIn = (folder: string, run = identity) => new CheckpointStore(folder, run, arrays);

const checkpoint = (step: number): Checkpoint => ({
  state: { ...initialRunState, step, lossSums: { reconstruction: 0.1 + 0.2 } },
  random: [1, 2, 3, 4, -5, 6, 7, 8],
  parameters: { w: array(1.5, step) },
  optimizer: { "mean.w": array(0.1, 0.2), "square.w": array(0.3, 0.4) },
  best: { w: array(7, 8) },
  trainingStates: [[1, 2]],
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-checkpoint-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function fileLike(pattern: RegExp): Promise<string> {
  const [name] = (await readdir(directory)).filter((candidate) => pattern.test(candidate));
  return name;
}

describe("CheckpointStore", () => {
  it("gives back the last checkpoint exactly, and keeps one file of arrays", async () => {
    const store = storeIn(join(directory, "made", "on demand"), identity);
    expect(await store.load()).toBeUndefined();
    await store.save(checkpoint(1));
    await store.save(checkpoint(2));
    expect(await store.load()).toEqual(checkpoint(2));
    const names = (await readdir(join(directory, "made", "on demand"))).sort();
    expect(names).toEqual([expect.stringMatching(/^checkpoint-2-\w+\.safetensors$/), "checkpoint.json"]);
  });

  it("never changes the file of arrays that is in use, even for the same step", async () => {
    const store = storeIn(directory, identity);
    await store.save(checkpoint(1));
    const first = await fileLike(/\.safetensors$/);
    await store.save(checkpoint(1));
    expect(await fileLike(/\.safetensors$/)).not.toBe(first);
  });

  it("finds the checkpoint before when a write dies between its two files", async () => {
    const store = storeIn(directory, identity);
    await store.save(checkpoint(1));
    await writeFile(join(directory, "checkpoint-2.safetensors"), "cut o");
    expect(await store.load()).toEqual(checkpoint(1));
  });

  it("refuses a checkpoint of another model, naming what differs", async () => {
    await storeIn(directory, identity).save(checkpoint(1));
    const other = storeIn(directory, { ...identity, model: { name: "m", latentDimension: 64 } });
    await expect(other.load()).rejects.toThrow(
      /checkpoint\.json: belongs to another run \(model\.latentDimension was 2 and is 64\)/,
    );
    const elsewhere = storeIn(directory, { ...identity, data: "other" });
    await expect(elsewhere.load()).rejects.toThrow(/data was "hash" and is "other"/);
  });

  it("refuses a checkpoint with arrays of other shapes, naming them", async () => {
    const { optimizer, ...rest } = checkpoint(1);
    for (const [wrong, problem] of [
      [{ ...rest, optimizer, parameters: { w: array(1, 2, 3) } }, '"w" has the shape [3]; expected [2]'],
      [{ ...rest, optimizer, parameters: {} }, '"w" is missing'],
      [
        { ...rest, optimizer, best: { w: array(1), v: array(2) } },
        '"w" has the shape [1]; expected [2]; "v" does',
      ],
      [{ ...rest, optimizer: { "mean.w": array(1) } }, '"mean.w" has the shape [1]; expected [2]'],
      [{ ...rest, optimizer: { "mean.v": array(1, 2) } }, '"mean.v" does not belong to it'],
    ] as const) {
      await storeIn(directory).save(wrong);
      const loading = storeIn(directory).load();
      await expect(loading).rejects.toThrow(FileError);
      await expect(loading).rejects.toThrow(`has other arrays than the model (${problem}`);
    }
    await storeIn(directory).save({ ...rest, optimizer: {} });
    expect((await storeIn(directory).load())?.optimizer).toEqual({});
  });

  it("refuses a checkpoint of an earlier version by name", async () => {
    await writeFile(join(directory, "checkpoint.json"), JSON.stringify({ format: "dmrec-checkpoint-2" }));
    await expect(storeIn(directory, identity).load()).rejects.toThrow(
      /checkpoint\.json: is of the format dmrec-checkpoint-2; expected dmrec-checkpoint-3/,
    );
  });

  it.each([/\.json$/, /\.safetensors$/])("refuses files %s cut short", async (pattern) => {
    const store = storeIn(directory, identity);
    await store.save(checkpoint(1));
    const name = await fileLike(pattern);
    const { length } = await readFile(join(directory, name));
    for (const size of [0, 7, length >> 1, length - 1]) {
      await truncate(join(directory, name), size);
      const failure = await store.load().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(FileError);
      expect(String(failure)).toContain(name);
    }
  });

  it("refuses arrays whose bits changed, and missing ones", async () => {
    const store = storeIn(directory, identity);
    await store.save(checkpoint(1));
    const file = join(directory, await fileLike(/\.safetensors$/));
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    await expect(store.load()).rejects.toThrow(/is damaged.*--fresh/);
    await rm(file);
    await expect(store.load()).rejects.toThrow(/is missing/);
  });

  it("does not go on in the directory of another process that trains", async () => {
    const [first, second] = [storeIn(directory), storeIn(directory)];
    await first.save(checkpoint(1));
    expect(await second.load()).toEqual(checkpoint(1));
    await first.save(checkpoint(2));
    const late = second.save(checkpoint(3));
    await expect(late).rejects.toThrow(FileError);
    await expect(late).rejects.toThrow(/checkpoint\.json: was written by another process meanwhile/);
    expect(await storeIn(directory).load()).toEqual(checkpoint(2));
    expect(await readdir(directory)).toHaveLength(2);
    // A run that starts again replaces what is there.
    await storeIn(directory).save(checkpoint(4));
  });

  it("removes the arrays that a process was writing when it died", async () => {
    await writeFile(join(directory, "checkpoint-1-ab.safetensors.0123456789ab.tmp"), "cut o");
    await storeIn(directory).save(checkpoint(1));
    expect(await readdir(directory)).toHaveLength(2);
  });

  it("says so where it cannot write", async () => {
    await writeFile(join(directory, "file"), "");
    const store = storeIn(join(directory, "file"), identity);
    await expect(store.save(checkpoint(1))).rejects.toThrow(/could not be written \(.*(ENOTDIR|EEXIST)/);
  });
});

describe("removeCheckpoint", () => {
  it("removes the files of a checkpoint, and does nothing if there are none", async () => {
    await storeIn(directory, identity).save(checkpoint(1));
    await writeFile(join(directory, "manifest.json"), "{}");
    for (const _ of [1, 2]) await removeCheckpoint(directory);
    expect(await readdir(directory)).toEqual(["manifest.json"]);
    await removeCheckpoint(join(directory, "absent"));
    await removeCheckpoint(join(directory, "manifest.json"));
  });

  it("says so if it cannot remove them", async () => {
    await mkdir(join(directory, "checkpoint.json"));
    await expect(removeCheckpoint(directory)).rejects.toThrow(FileError);
  });
});
