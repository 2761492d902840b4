import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { RuntimeError, type SplitDataset } from "@dmrec/core";
import { z } from "zod";
import { embeddingWidth } from "./speed-data";
import { batchSize } from "./timed-steps";

/** The models of the zoo that `torch_epoch.py` knows, all on Mult-VAE with its published sizes. */
export const pyTorchModels = ["base", "mddm"] as const;
export type PyTorchModel = (typeof pyTorchModels)[number];

export const isPyTorchModel = (name: string): name is PyTorchModel =>
  pyTorchModels.some((model) => model === name);

const resultSchema = z.object({
  /** `cpu`, or the name of the graphics card. */
  device: z.string(),
  /** The version of PyTorch. */
  torch: z.string(),
  /** The median of five epochs. */
  epochMs: z.number(),
});
export type PyTorchEpoch = z.output<typeof resultSchema>;

export interface PyTorchOptions {
  /** The Python that has PyTorch. */
  readonly python: string;
  /** The path of `torch_epoch.py`. */
  readonly script: string;
  readonly model: PyTorchModel;
  readonly data: Pick<SplitDataset, "userCount" | "itemCount" | "train">;
  /** @default all */
  readonly threads?: number | undefined;
}

/**
 * Times an epoch of the same sizes in PyTorch, on its graphics card if it sees one.
 *
 * @throws RuntimeError if the script does not run to its end, for example without PyTorch.
 */
export async function pyTorchEpoch({
  python,
  script,
  model,
  data,
  threads,
}: PyTorchOptions): Promise<PyTorchEpoch> {
  const interactions = data.train.items.length;
  const sizes = [data.userCount, data.itemCount, interactions, batchSize, 600, 200, embeddingWidth];
  const env = { ...process.env, ...(threads !== undefined && { OMP_NUM_THREADS: String(threads) }) };
  try {
    const { stdout } = await promisify(execFile)(python, [script, ...sizes.map(String), model], { env });
    return resultSchema.parse(JSON.parse(stdout));
  } catch (error) {
    throw new RuntimeError(`"${python}" did not time an epoch in PyTorch: ${lastLine(error)}`);
  }
}

/** The last line of a failed script says what failed. */
function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? "";
}
