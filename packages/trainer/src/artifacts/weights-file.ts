import { readFile } from "node:fs/promises";
import { causeMessage, FileError, type Recommender } from "@dmrec/core";
import { writeDurably } from "../files/write-durably";
import { differences } from "../run/run-identity";
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from "./safetensors";

/**
 * Writes a model's trained parameters to one safetensors file, with the model's configuration in the metadata.
 *
 * @throws FileError if it cannot be written.
 */
export async function writeWeights(
  { configuration }: Recommender,
  parameters: NamedArrays,
  file: string,
): Promise<void> {
  await writeDurably(file, encodeSafetensors(parameters, { configuration: JSON.stringify(configuration) }));
}

/**
 * Reads the parameters that {@link writeWeights} wrote for a model of the same configuration.
 *
 * @throws FileError if the file cannot be read, is damaged or belongs to another model.
 */
export async function readWeights({ configuration }: Recommender, file: string): Promise<NamedArrays> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FileError(file, `cannot be read (${causeMessage(cause)})`, { cause });
  });
  const { arrays, metadata } = decodeSafetensors(bytes, file);
  const changes = differences(JSON.parse(metadata.configuration ?? "null"), configuration, "configuration");
  if (changes.length > 0)
    throw new FileError(file, `belongs to another model (${changes.slice(0, 5).join("; ")})`);
  return arrays;
}
