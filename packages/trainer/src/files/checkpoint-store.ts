import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, FileError, type Json, type RandomState } from "@dmrec/core";
import { z } from "zod";
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from "../artifacts/safetensors";
import { type ArrayShapes, listed, wrongArrays } from "../artifacts/wrong-arrays";
import { momentName } from "../optimizer/adam";
import { differences, type RunIdentity } from "../run/run-identity";
import { type RunState, runStateSchema } from "../run/run-state";
import { writeDurably } from "./write-durably";

/** The way to go on without a damaged checkpoint. */
const startAgain = 'train with resume "never" (--fresh of dmrec) to start again';

/** Everything that a run needs to continue as if it had never stopped. */
export interface Checkpoint {
  readonly state: RunState;
  /** The run's generator. */
  readonly random: RandomState;
  readonly parameters: NamedArrays;
  readonly optimizer: NamedArrays;
  /** The parameters at the best evaluation so far. */
  readonly best?: NamedArrays;
  /** The model's training states. */
  readonly trainingStates: readonly Json[];
}

const format = "dmrec-checkpoint-3";

const identitySchema = z.object({
  model: z.record(z.string(), z.json()),
  data: z.string(),
  training: z.record(z.string(), z.json()),
});

const fileSchema = z.object({
  format: z.literal(format),
  identity: identitySchema,
  state: runStateSchema,
  random: z.array(z.number()),
  trainingStates: z.array(z.json()),
  weights: z.object({ file: z.string(), sha256: z.string() }),
});

/**
 * Stores the checkpoints of one run in its directory: `checkpoint.json`, and the safetensors file that it names.
 *
 * The arrays are written first under a new name, then the JSON file is replaced in one rename. So whenever the process
 * dies, the JSON on disk names a complete file.
 */
export class CheckpointStore {
  readonly #directory: string;
  readonly #identity: RunIdentity;
  readonly #arrays: ArrayShapes;

  /** @param arrays The trained arrays of the run's model. */
  constructor(directory: string, identity: RunIdentity, arrays: ArrayShapes) {
    this.#directory = directory;
    this.#identity = identity;
    this.#arrays = arrays;
  }

  get file(): string {
    return join(this.#directory, "checkpoint.json");
  }

  /** @throws FileError if the files cannot be written; the previous checkpoint stays as it was. */
  async save({ state, random, parameters, optimizer, best, trainingStates }: Checkpoint): Promise<void> {
    const weights = encodeSafetensors({
      ...prefixed("parameters/", parameters),
      ...prefixed("optimizer/", optimizer),
      ...prefixed("best/", best ?? {}),
    });
    // A new name, because two checkpoints of one step may differ and the file that is in use must not change.
    const name = `checkpoint-${state.step}-${randomBytes(4).toString("hex")}.safetensors`;
    const content = {
      format,
      identity: this.#identity,
      state,
      random,
      trainingStates,
      weights: { file: name, sha256: sha256(weights) },
    };
    try {
      await writeDurably(join(this.#directory, name), weights);
      await writeDurably(this.file, JSON.stringify(content));
    } catch (error) {
      await rm(join(this.#directory, name), { force: true }).catch(() => undefined);
      throw error;
    }
    await removeArrays(this.#directory, name).catch((cause: unknown) => {
      const problem = `holds older arrays that could not be removed (${causeMessage(cause)})`;
      throw new FileError(this.#directory, problem, { cause });
    });
  }

  /**
   * Returns the checkpoint of this run, or undefined if the directory has none.
   *
   * @throws FileError if it is damaged, belongs to another run or has other arrays than the model.
   */
  async load(): Promise<Checkpoint | undefined> {
    const text = await readIfPresent(this.file);
    if (text === undefined) return undefined;
    const content = this.#parse(text.toString("utf8"));
    const changes = differences(content.identity, this.#identity);
    if (changes.length > 0) {
      throw new FileError(
        this.file,
        `belongs to another run (${listed(changes)}); use another directory, or start again with resume: "never"`,
      );
    }
    const weightsFile = join(this.#directory, content.weights.file);
    const weights = await readIfPresent(weightsFile);
    if (weights === undefined) throw new FileError(weightsFile, `is missing; ${this.file} names it`);
    if (sha256(weights) !== content.weights.sha256) {
      throw new FileError(
        weightsFile,
        `is damaged: ${weights.length} bytes whose SHA-256 is not the one in ${this.file}; ${startAgain}`,
      );
    }
    const { arrays } = decodeSafetensors(weights, weightsFile);
    const [parameters, optimizer, best] = ["parameters/", "optimizer/", "best/"].map((prefix) =>
      withPrefix(prefix, arrays),
    );
    this.#assertArrays(weightsFile, parameters);
    this.#assertMoments(weightsFile, optimizer);
    if (Object.keys(best).length > 0) this.#assertArrays(weightsFile, best);
    return {
      state: content.state,
      random: content.random,
      parameters,
      optimizer,
      ...(Object.keys(best).length > 0 && { best }),
      trainingStates: content.trainingStates,
    };
  }

  /** The identity of a caller's own model may leave out what decides its shapes. */
  #assertArrays(file: string, arrays: NamedArrays, own = this.#arrays): void {
    const wrong = wrongArrays(own, arrays);
    if (wrong.length > 0) throw new FileError(file, `has other arrays than the model (${listed(wrong)})`);
  }

  /** Parameters before their first step have no moments. */
  #assertMoments(file: string, moments: NamedArrays): void {
    const own = [...this.#arrays].flatMap(([parameter, array]) =>
      (["mean", "square"] as const).map((moment) => [momentName(moment, parameter), array] as const),
    );
    this.#assertArrays(file, moments, new Map(own.filter(([name]) => name in moments)));
  }

  #parse(text: string): z.output<typeof fileSchema> {
    try {
      const content = JSON.parse(text);
      const { data } = z.object({ format: z.string() }).safeParse(content);
      if (data && data.format !== format)
        throw new FileError(
          this.file,
          `is of the format ${data.format}; expected ${format}: use the version that wrote it, or start again with resume: "never"`,
        );
      return fileSchema.parse(content);
    } catch (cause) {
      if (FileError.isInstance(cause)) throw cause;
      throw new FileError(
        this.file,
        `is damaged or no checkpoint (${causeMessage(cause)}); expected the JSON of a checkpoint; ${startAgain}`,
        { cause },
      );
    }
  }
}

/**
 * Removes the checkpoint of a run's directory, so the next run starts from the beginning. The manifest stays. A directory
 * without a checkpoint, or none, is left as it is.
 *
 * @throws FileError if the files cannot be removed.
 */
export async function removeCheckpoint(directory: string): Promise<void> {
  const file = join(directory, "checkpoint.json");
  try {
    await rm(file, { force: true });
    await removeArrays(directory);
  } catch (cause) {
    if (isAbsent(cause)) return;
    throw new FileError(file, `could not be removed (${causeMessage(cause)})`, { cause });
  }
}

async function removeArrays(directory: string, kept?: string): Promise<void> {
  const names = (await readdir(directory)).filter(
    (name) => /^checkpoint-.*\.safetensors$/.test(name) && name !== kept,
  );
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw new FileError(file, `cannot be read (${causeMessage(cause)})`, { cause });
  }
}

/** True if a path does not exist. ENOTDIR: a folder on it is a file, which the next save reports. */
function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && ["ENOENT", "ENOTDIR"].includes(Reflect.get(cause, "code"));
}

function prefixed(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
}

function withPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  const entries = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(prefix.length), array]));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
