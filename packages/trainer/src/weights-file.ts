import { readFile } from "node:fs/promises";
import { CheckpointError, type Recommender } from "@dmrec/core";
import { assignVariables, readTensors } from "./eager-engine";
import { differences } from "./run-identity";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import { writeDurably } from "./write-durably";

/**
 * Writes a recommender's variables to one safetensors file, with its configuration in the metadata.
 *
 * @throws CheckpointError where it cannot be written.
 */
export async function saveWeights(recommender: Recommender, file: string): Promise<void> {
  const bytes = encodeSafetensors(await readTensors(recommender.variables), {
    configuration: JSON.stringify(recommender.configuration),
  });
  await writeDurably(file, bytes);
}

/**
 * Sets a recommender's variables to those that {@link saveWeights} wrote for one of the same configuration.
 *
 * @throws CheckpointError where the file cannot be read, is damaged or belongs to another model.
 */
export async function loadWeights(recommender: Recommender, file: string): Promise<void> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CheckpointError(file, `cannot be read (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  });
  const { arrays, metadata } = decodeSafetensors(bytes, file);
  const changes = differences(
    JSON.parse(metadata.configuration ?? "null"),
    recommender.configuration,
    "configuration",
  );
  if (changes.length > 0)
    throw new CheckpointError(file, `belongs to another model (${changes.slice(0, 5).join("; ")})`);
  assignVariables(recommender, arrays);
}
