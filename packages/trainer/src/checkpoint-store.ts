import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError, type Json, type RandomState } from "@dmrec/core";
import { z } from "zod";
import { differences, type RunIdentity } from "./run-identity";
import { type RunState, runStateSchema } from "./run-state";
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from "./safetensors";
import { writeDurably } from "./write-durably";

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly state: RunState;
  /** The run's generator. */
  readonly random: RandomState;
  readonly variables: NamedArrays;
  readonly optimizer: NamedArrays;
  /** The variables at the best evaluation so far. */
  readonly best?: NamedArrays;
  /** What the recommender remembers of its steps. */
  readonly memory?: Json;
}

const identitySchema = z.object({
  model: z.record(z.string(), z.json()),
  data: z.string(),
  training: z.record(z.string(), z.json()),
});

const fileSchema = z.object({
  format: z.literal("dmrec-checkpoint-2"),
  identity: identitySchema,
  state: runStateSchema,
  random: z.array(z.number()),
  memory: z.json().optional(),
  weights: z.object({ file: z.string(), sha256: z.string() }),
});

/**
 * The checkpoints of one run in its directory: `checkpoint.json`, and the safetensors file that it names.
 *
 * The arrays are written first under a new name, then the JSON file is replaced in one rename: whenever the process
 * dies, the JSON on disk names a complete file.
 */
export class CheckpointStore {
  readonly #directory: string;
  readonly #identity: RunIdentity;

  constructor(directory: string, identity: RunIdentity) {
    this.#directory = directory;
    this.#identity = identity;
  }

  get file(): string {
    return join(this.#directory, "checkpoint.json");
  }

  /** @throws CheckpointError where the files cannot be written; the checkpoint before stays as it was. */
  async save({ state, random, variables, optimizer, best, memory }: Checkpoint): Promise<void> {
    const weights = encodeSafetensors({
      ...prefixed("variables/", variables),
      ...prefixed("optimizer/", optimizer),
      ...prefixed("best/", best ?? {}),
    });
    // A name of its own: two checkpoints of one step may differ, and the file that is named now must not change.
    const name = `checkpoint-${state.step}-${randomBytes(4).toString("hex")}.safetensors`;
    const content = {
      format: "dmrec-checkpoint-2",
      identity: this.#identity,
      state,
      random,
      ...(memory === undefined ? {} : { memory }),
      weights: { file: name, sha256: sha256(weights) },
    };
    try {
      await writeDurably(join(this.#directory, name), weights);
      await writeDurably(this.file, JSON.stringify(content));
    } catch (error) {
      await rm(join(this.#directory, name), { force: true }).catch(() => undefined);
      throw error;
    }
    await removeArrays(this.#directory, name);
  }

  /**
   * The checkpoint of this run, or undefined where the directory has none.
   *
   * @throws CheckpointError where it is damaged or belongs to another run.
   */
  async load(): Promise<Checkpoint | undefined> {
    const text = await readIfPresent(this.file);
    if (text === undefined) return undefined;
    const content = this.#parse(text.toString("utf8"));
    const changes = differences(content.identity, this.#identity);
    if (changes.length > 0) {
      throw new CheckpointError(
        this.file,
        `belongs to another run (${changes.slice(0, 5).join("; ")}); use another directory, or start anew with resume: "never"`,
      );
    }
    const weightsFile = join(this.#directory, content.weights.file);
    const weights = await readIfPresent(weightsFile);
    if (weights === undefined) throw new CheckpointError(weightsFile, `is missing; ${this.file} names it`);
    if (sha256(weights) !== content.weights.sha256) {
      throw new CheckpointError(
        weightsFile,
        `is damaged: ${weights.length} bytes whose SHA-256 is not the one in ${this.file}`,
      );
    }
    const { arrays } = decodeSafetensors(weights, weightsFile);
    const best = withPrefix("best/", arrays);
    return {
      state: content.state,
      random: content.random,
      variables: withPrefix("variables/", arrays),
      optimizer: withPrefix("optimizer/", arrays),
      ...(Object.keys(best).length > 0 ? { best } : {}),
      ...(content.memory === undefined ? {} : { memory: content.memory }),
    };
  }

  #parse(text: string): z.output<typeof fileSchema> {
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new CheckpointError(
        this.file,
        `is damaged or no checkpoint (${messageOf(cause)}); expected the JSON of one`,
        { cause },
      );
    }
  }
}

/** Removes the checkpoint of a run's directory, so that a next run starts anew; its manifest stays. */
export async function removeCheckpoint(directory: string): Promise<void> {
  await rm(join(directory, "checkpoint.json"), { force: true });
  await removeArrays(directory);
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
    // Where a file stands in the place of the directory nothing is kept either; writing will tell.
    const isAbsent = cause instanceof Error && ["ENOENT", "ENOTDIR"].includes(Reflect.get(cause, "code"));
    if (isAbsent) return undefined;
    throw new CheckpointError(file, `cannot be read (${messageOf(cause)})`, { cause });
  }
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

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0];
}
