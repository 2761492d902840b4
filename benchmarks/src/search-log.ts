import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Changes, changesSchema } from "./search-space";

const trialSchema = z.object({
  changes: changesSchema,
  seed: z.number(),
  /** On the validation part. */
  "recall@20": z.number(),
  "ndcg@20": z.number(),
  bestEpoch: z.number(),
  epochs: z.number(),
});
export type Trial = z.output<typeof trialSchema>;

/** What a search has tried: a line of JSON each, so that a killed one repeats nothing, and a Markdown table of them. */
export class SearchLog {
  readonly #folder: string;
  readonly #name: string;
  readonly #trials: Trial[];

  private constructor(folder: string, name: string, trials: Trial[]) {
    this.#folder = folder;
    this.#name = name;
    this.#trials = trials;
  }

  static async open(folder: string, name: string): Promise<SearchLog> {
    await mkdir(folder, { recursive: true });
    const text = await readFile(join(folder, `${name}.jsonl`), "utf8").catch(() => "");
    const trials = text
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [trialSchema.parse(JSON.parse(line))]));
    return new SearchLog(folder, name, trials);
  }

  find(changes: Changes, seed: number): Trial | undefined {
    const key = keyOf(changes);
    return this.#trials.find((trial) => trial.seed === seed && keyOf(trial.changes) === key);
  }

  async add(trial: Trial): Promise<void> {
    this.#trials.push(trial);
    await appendFile(join(this.#folder, `${this.#name}.jsonl`), `${JSON.stringify(trial)}\n`);
    await writeFile(join(this.#folder, `${this.#name}.md`), this.#table());
  }

  #table(): string {
    const sorted = this.#trials.toSorted((a, b) => b["recall@20"] - a["recall@20"]);
    const lines = sorted.map((trial) => {
      const numbers = [
        trial["recall@20"].toFixed(4),
        trial["ndcg@20"].toFixed(4),
        `${trial.bestEpoch}/${trial.epochs}`,
      ];
      return `| ${[describeChanges(trial.changes), ...numbers].join(" | ")} |`;
    });
    return [
      `# ${this.#name}: trials on the validation part`,
      "",
      "| changed | Recall@20 | NDCG@20 | best epoch |",
      "| --- | --- | --- | --- |",
      ...lines,
      "",
    ].join("\n");
  }
}

export function describeChanges(changes: Changes): string {
  const words = Object.entries(changes).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** The same for the same changes, in whatever order they were made. */
export function keyOf(changes: Changes): string {
  return JSON.stringify(Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
