import { randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, FileError, type Json, parseStored, type RandomState } from "@dmrec/core";
import { z } from "zod";
import { encodeSafetensors, type NamedArrays, readSafetensors } from "../artifacts/safetensors";
import { type ArrayShapes, listed, wrongArrays } from "../artifacts/wrong-arrays";
import { momentName } from "../optimizer/adam";
import { differences, type RunIdentity } from "../run/run-identity";
import { type RunState, runStateSchema } from "../run/run-state";
import { sha256, sha256OfFile } from "./sha256";
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
  /** The file of arrays of the checkpoint that this store saved or loaded last. */
  #current: string | undefined;

  /** @param arrays The trained arrays of the run's model. */
  constructor(directory: string, identity: RunIdentity, arrays: ArrayShapes) {
    this.#directory = directory;
    this.#identity = identity;
    this.#arrays = arrays;
  }

  get file(): string {
    return join(this.#directory, "checkpoint.json");
  }

  /**
   * @throws FileError if the files cannot be written, or another process has saved a checkpoint here meanwhile; the previous
   *   checkpoint stays as it was.
   */
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
      await this.#assertOwn();
      await writeDurably(this.file, JSON.stringify(content));
      this.#current = name;
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
    const content = await this.#read();
    if (content === undefined) return undefined;
    const changes = differences(content.identity, this.#identity);
    if (changes.length > 0) {
      throw new FileError(
        this.file,
        `belongs to another run (${listed(changes)}); use another directory, or start again with resume: "never"`,
      );
    }
    const weightsFile = join(this.#directory, content.weights.file);
    const hash = await ifPresent(weightsFile, sha256OfFile);
    if (hash === undefined) throw new FileError(weightsFile, `is missing; ${this.file} names it`);
    if (hash !== content.weights.sha256)
      throw new FileError(
        weightsFile,
        `is damaged: its SHA-256 is not the one in ${this.file}; ${startAgain}`,
      );
    const { arrays } = await readSafetensors(weightsFile);
    this.#current = content.weights.file;
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

  /**
   * Two processes that train in one directory would remove each other's arrays. The first save of a run replaces whatever is there.
   *
   * @throws FileError if the checkpoint is not the one that this store saved or loaded last.
   */
  async #assertOwn(): Promise<void> {
    if (this.#current === undefined) return;
    const found = await this.#read();
    if (found === undefined || found.weights.file === this.#current) return;
    throw new FileError(
      this.file,
      "was written by another process meanwhile; expected one training at a time in a directory",
    );
  }

  async #read(): Promise<z.output<typeof fileSchema> | undefined> {
    const text = await ifPresent(this.file, (file) => readFile(file, "utf8"));
    return text === undefined ? undefined : this.#parse(text);
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
    this.#assertArrays(file, moments, new Map(own.filter(([name]) => Object.hasOwn(moments, name))));
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
      return parseStored(fileSchema, content);
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

/** Removes files of arrays, also those that a process was writing when it died. */
async function removeArrays(directory: string, kept?: string): Promise<void> {
  const names = (await readdir(directory)).filter(
    (name) => /^checkpoint-.*\.safetensors(\.\w+\.tmp)?$/.test(name) && name !== kept,
  );
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

/** Reads a file in some way; undefined if there is none. */
async function ifPresent<Content>(
  file: string,
  read: (file: string) => Promise<Content>,
): Promise<Content | undefined> {
  try {
    return await read(file);
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
