import { appendFile, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, FileError, InvalidDataError, parseStored } from "@dmrec/core";
import { z } from "zod";
import { makeDirectory } from "../make-directory";
import type { Print } from "../print";

const finishedSchema = z.object({
  kind: z.literal("finished"),
  /** Measured on the validation part at the best epoch. */
  metrics: z.record(z.string(), z.number()),
  bestEpoch: z.number(),
  epochs: z.number(),
});
const failedSchema = z.object({ kind: z.literal("failed"), message: z.string() });
export const outcomeSchema = z.discriminatedUnion("kind", [finishedSchema, failedSchema]);

export type FinishedTrial = z.output<typeof finishedSchema>;
export type TrialOutcome = z.output<typeof outcomeSchema>;

const lineSchema = z.object({
  trial: z.string(),
  /** The maximum number of epochs. */
  epochLimit: z.number(),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  outcome: outcomeSchema,
});
export type LoggedTrial = z.output<typeof lineSchema>;

/** The trials of a search's directory that have ended: a line of JSON each, so a killed search repeats none. */
export class TrialLog {
  readonly #file: string;
  readonly #trials: Map<string, TrialOutcome>;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, trials: readonly LoggedTrial[]) {
    this.#file = file;
    this.#trials = new Map(trials.map((trial) => [keyOf(trial), trial.outcome]));
  }

  /**
   * Reads the log of a directory, which it makes if there is none. A last line that was cut off, by a kill or a full disk, is
   * dropped and reported to `print`.
   *
   * @param fresh Starts a new log, whatever the directory holds.
   * @throws InvalidDataError naming a line that is no trial.
   * @throws FileError if it cannot be read or written.
   */
  static async open(directory: string, print: Print, fresh = false): Promise<TrialLog> {
    const file = join(directory, "trials.jsonl");
    await makeDirectory(directory);
    try {
      if (fresh) await rm(file, { force: true });
      const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw error;
      });
      const complete = text.slice(0, text.lastIndexOf("\n") + 1);
      if (complete !== text) {
        await truncate(file, Buffer.byteLength(complete));
        print(`${file}: the last line was cut off and is dropped; its trial is repeated`);
      }
      const lines = complete.split("\n").slice(0, -1);
      return new TrialLog(
        file,
        lines.map((line, index) => parseLine(line, file, index + 1)),
      );
    } catch (cause) {
      if (InvalidDataError.isInstance(cause)) throw cause;
      throw new FileError(file, `cannot be used (${causeMessage(cause)}); name another folder with --out`, {
        cause,
      });
    }
  }

  find(trial: Pick<LoggedTrial, "trial" | "epochLimit">): TrialOutcome | undefined {
    return this.#trials.get(keyOf(trial));
  }

  /** @throws FileError if it cannot be written. */
  async add(trial: LoggedTrial): Promise<void> {
    this.#trials.set(keyOf(trial), trial.outcome);
    // Writes take turns, because trials may end together.
    const written = this.#written.then(() => appendFile(this.#file, `${JSON.stringify(trial)}\n`));
    this.#written = written.catch(() => undefined);
    await written.catch((cause: unknown) => {
      throw new FileError(this.#file, `could not be written (${causeMessage(cause)})`, { cause });
    });
  }
}

function parseLine(line: string, file: string, number: number): LoggedTrial {
  try {
    return parseStored(lineSchema, JSON.parse(line));
  } catch (cause) {
    throw new InvalidDataError({
      source: file,
      location: `line ${number}`,
      actual: `no trial (${causeMessage(cause)})`,
      expected: "a trial of a search; remove the line to repeat its trial, or add --fresh to start again",
      cause,
    });
  }
}

function keyOf({ trial, epochLimit }: Pick<LoggedTrial, "trial" | "epochLimit">): string {
  return `${trial}-${epochLimit}`;
}
