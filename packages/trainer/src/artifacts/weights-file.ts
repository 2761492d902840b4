import { causeMessage, FileError, type Recommender } from "@dmrec/core";
import { writeDurably } from "../files/write-durably";
import { differences } from "../run/run-identity";
import { trainedArrays } from "../trained-arrays";
import { encodeSafetensors, type NamedArrays, readSafetensors } from "./safetensors";
import { listed, wrongArrays } from "./wrong-arrays";

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
 * @throws FileError if the file cannot be read, is damaged, belongs to another model or has other arrays than the model.
 */
export async function readWeights(recommender: Recommender, file: string): Promise<NamedArrays> {
  const { arrays, metadata } = await readSafetensors(file);
  const saved = parseConfiguration(metadata.configuration ?? "null", file);
  const changes = differences(saved, recommender.configuration, "configuration");
  if (changes.length > 0) throw new FileError(file, `belongs to another model (${listed(changes)})`);
  const wrong = wrongArrays(trainedArrays(recommender), arrays);
  if (wrong.length > 0) {
    throw new FileError(file, `has other arrays than ${recommender.name} (${listed(wrong)})`);
  }
  return arrays;
}

function parseConfiguration(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = `is damaged: its configuration is no JSON (${causeMessage(cause)})`;
    throw new FileError(file, problem, { cause });
  }
}
