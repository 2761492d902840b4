import { appendFile, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { shortHash } from "./run-name";
import { type Changes, changesSchema } from "./search-space";

const setupSchema = z.object({
  /** The first characters of the data's fingerprint. */
  data: z.string(),
  /** The dataset whose published settings the trials change. */
  settings: z.string(),
  seed: z.number(),
  /** The maximum number of epochs of a trial. */
  epochLimit: z.number(),
});
/** The setup that comparable trials share. */
export type SearchSetup = z.output<typeof setupSchema>;

const outcomeSchema = z.object({
  changes: changesSchema,
  /** Measured on the validation part. */
  "recall@20": z.number(),
  "ndcg@20": z.number(),
  bestEpoch: z.number(),
  epochs: z.number(),
});
export type TrialOutcome = z.output<typeof outcomeSchema>;

const trialSchema = z.object({ ...setupSchema.shape, ...outcomeSchema.shape });
type Trial = z.output<typeof trialSchema>;

/** The trials of searches: a line of JSON each, so a killed search repeats nothing, and a Markdown table. */
export class SearchLog {
  readonly #folder: string;
  readonly #name: string;
  readonly #setup: SearchSetup;
  readonly #trials: Trial[];
  #written: Promise<void> = Promise.resolve();

  private constructor(folder: string, name: string, setup: SearchSetup, trials: Trial[]) {
    this.#folder = folder;
    this.#name = name;
    this.#setup = setup;
    this.#trials = trials;
  }

  /**
   * Reads the log of a name, to which trials of `setup` are added. A last line that was cut off, by a kill or a full disk,
   * is dropped and reported to `note`.
   *
   * @throws InvalidDataError naming a line that is no trial.
   */
  static async open(
    folder: string,
    name: string,
    setup: SearchSetup,
    note: (text: string) => void = console.log,
  ): Promise<SearchLog> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${name}.jsonl`);
    const text = await readLog(file);
    const end = text.lastIndexOf("\n") + 1;
    const last = text.slice(end);
    const isCut = last !== "" && parseJson(last) === undefined;
    if (isCut) {
      await truncate(file, Buffer.byteLength(text.slice(0, end)));
      note(`${file}: the last line was cut off and is dropped; its trial is repeated`);
    } else if (last !== "") {
      await appendFile(file, "\n");
    }
    const lines = (isCut ? text.slice(0, end) : text).split("\n");
    const trials = lines.flatMap((line, index) =>
      line === "" ? [] : [parseTrial(line, file, `line ${index + 1}`)],
    );
    return new SearchLog(folder, name, setup, trials);
  }

  /** Finds the trial with the same setup and changes. */
  find(changes: Changes): TrialOutcome | undefined {
    const key = keyOf({ ...this.#setup, changes });
    return this.#trials.find((trial) => keyOf(trial) === key);
  }

  async add(outcome: TrialOutcome): Promise<void> {
    const trial = { ...this.#setup, ...outcome };
    this.#trials.push(trial);
    // Writes take turns, because trials that end together share the table.
    const written = this.#written.then(() => this.#write(trial));
    this.#written = written.catch(() => undefined);
    await written;
  }

  async #write(trial: Trial): Promise<void> {
    await appendFile(join(this.#folder, `${this.#name}.jsonl`), `${JSON.stringify(trial)}\n`);
    const setups = [...new Set(this.#trials.map(describeSetup))];
    const sections = setups.flatMap((setup) => [
      `${setup}:`,
      "",
      ...tableOf(this.#trials.filter((trial) => describeSetup(trial) === setup)),
      "",
    ]);
    const lines = [`# ${this.#name}: trials on the validation part`, "", ...sections];
    await writeFile(join(this.#folder, `${this.#name}.md`), lines.join("\n"));
  }
}

function tableOf(trials: readonly Trial[]): string[] {
  const sorted = trials.toSorted((a, b) => b["recall@20"] - a["recall@20"]);
  return [
    "| changed | Recall@20 | NDCG@20 | best epoch |",
    "| --- | --- | --- | --- |",
    ...sorted.map((trial) => {
      const numbers = [trial["recall@20"].toFixed(4), trial["ndcg@20"].toFixed(4)];
      const cells = [describeChanges(trial.changes), ...numbers, `${trial.bestEpoch}/${trial.epochs}`];
      return `| ${cells.join(" | ")} |`;
    }),
  ];
}

async function readLog(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    if (code === "ENOENT") return "";
    throw new InvalidDataError({
      source: file,
      actual: `cannot be read (${code})`,
      expected: "trials of a search, or no such file",
      cause: error,
    });
  }
}

function parseTrial(line: string, file: string, location: string): Trial {
  const { data, error } = trialSchema.safeParse(parseJson(line));
  if (data) return data;
  const [{ path, message }] = error.issues;
  throw new InvalidDataError({
    source: file,
    location,
    actual: `no trial (${path.length === 0 ? message : `${path.join(".")}: ${message}`})`,
    expected: `a JSON object of ${Object.keys(trialSchema.shape).join(", ")}`,
  });
}

/** Parses a line; undefined if it is no JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function describeSetup({ data, settings, seed, epochLimit }: SearchSetup): string {
  return `Data ${data}, settings ${settings}, seed ${seed}, at most ${epochLimit} epochs`;
}

export function describeChanges(changes: Changes): string {
  const words = Object.entries(changes).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** A key of a setup and changes. It does not depend on the order of the changes. */
function keyOf({ changes, ...setup }: SearchSetup & Pick<Trial, "changes">): string {
  return shortHash({ setup: describeSetup(setup), changes });
}
