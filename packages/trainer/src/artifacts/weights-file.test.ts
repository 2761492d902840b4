import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { FileError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trainedArrays } from "../trained-arrays";
import { encodeSafetensors, type NamedArray, type NamedArrays } from "./safetensors";
import { readWeights } from "./weights-file";

const recommender = multVae({ itemCount: 5, hiddenDimension: 3, latentDimension: 2 });
const arrays: NamedArrays = Object.fromEntries(trainedArrays(recommender));
const [[name, array], ...others] = Object.entries(arrays);

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-weights-"));
  file = join(directory, "weights.safetensors");
});
afterEach(() => rm(directory, { recursive: true }));

function write(arrays: NamedArrays, configuration = JSON.stringify(recommender.configuration)) {
  return writeFile(file, Buffer.concat(encodeSafetensors(arrays, { configuration })));
}

async function expectRefusal(message: string): Promise<void> {
  const failure = await readWeights(recommender, file).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(FileError);
  expect(String(failure)).toContain(message);
}

describe("readWeights", () => {
  it("gives back the arrays of the model", async () => {
    await write(arrays);
    const read = await readWeights(recommender, file);
    expect(Object.keys(read)).toEqual(Object.keys(arrays));
    expect(read[name].values).toEqual(array.values);
  });

  it("refuses arrays that are missing, unknown or of another shape, naming them", async () => {
    await write(Object.fromEntries(others));
    await expectRefusal(`has other arrays than mult-vae ("${name}" is missing)`);
    await write({ ...arrays, extra: { shape: [1], values: Float32Array.of(1) } });
    await expectRefusal('"extra" does not belong to it');
    const reshaped: NamedArray = { shape: [array.values.length], values: array.values };
    await write({ ...arrays, [name]: reshaped });
    await expectRefusal(`"${name}" has the shape [${array.values.length}]; expected [${array.shape}]`);
  });

  it("refuses a configuration that is no JSON", async () => {
    await write(arrays, "{");
    await expectRefusal("is damaged: its configuration is no JSON");
  });
});
