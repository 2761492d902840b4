import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { defaultZoo } from "../../zoo/default-zoo";
import { createProgram, runProgram } from "../program";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** The built program. Tests of commands run it in a process of its own only for what a process shows: signals, kills, its files. */
export const builtProgram = join(import.meta.dirname, "..", "..", "..", "dist", "cli.js");

/** Runs a command in this process, as `dmrec` would run it, and returns what it shows. Its trials run in the built program. */
export async function runCommandLine(...args: readonly string[]): Promise<CommandResult> {
  const [out, err]: [string[], string[]] = [[], []];
  const log = vi.spyOn(console, "log").mockImplementation((line = "") => void out.push(`${line}\n`));
  const error = vi.spyOn(console, "error").mockImplementation((line = "") => void err.push(`${line}\n`));
  const program = await createProgram(args, { loadZoo: async () => defaultZoo, file: builtProgram });
  let usageError: number | undefined;
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) });
    command.exitOverride((exit) => {
      usageError = exit.exitCode;
      throw exit;
    });
  }
  try {
    const status = await runProgram(program, args);
    return { stdout: out.join(""), stderr: err.join(""), status };
  } catch (cause) {
    if (usageError === undefined) throw cause;
    return { stdout: out.join(""), stderr: err.join(""), status: usageError };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** The size of the folders of {@link writeFolder}. */
export const [folderUsers, folderItems] = [60, 40];

/** Writes a folder of interactions and profiles, in which the profiles say which half of the items a user likes. */
export async function writeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: folderUsers }, (_, user) =>
    Array.from(
      { length: 8 },
      (_, nth) => `user-${user},item-${((user * 3 + nth) % (folderItems / 2)) * 2 + (user % 2)}`,
    ).join("\n"),
  );
  const taste = (index: number) =>
    `${index % 2 ? "quiet songs" : "loud dances"}, ${index % 3 ? "old" : "new"}`;
  const profiles = (what: string, count: number) =>
    JSON.stringify(
      Array.from({ length: count }, (_, index) => ({ id: `${what}-${index}`, profile: taste(index) })),
    );
  const names = Array.from({ length: folderItems }, (_, item) => [`item-${item}`, `Song ${item}, live`]);
  await writeFile(join(folder, "interactions.csv"), `user,item\n${lines.join("\n")}\n`);
  await writeFile(join(folder, "user_profiles.json"), profiles("user", folderUsers));
  await writeFile(join(folder, "item_profiles.json"), profiles("item", folderItems));
  await writeFile(join(folder, "item_names.json"), JSON.stringify(Object.fromEntries(names)));
}

/** Adds columns to the items of a folder: the halves of {@link writeFolder} as `mood`, and a year each. */
export async function writeColumns(folder: string): Promise<void> {
  const items = Array.from({ length: folderItems }, (_, item) => ({
    id: `item-${item}`,
    mood: item % 2 ? "quiet" : "loud",
    year: 1980 + item,
  }));
  await writeFile(join(folder, "item_attributes.json"), JSON.stringify(items));
}

/** Flags of a training that takes a second, for every model. */
export const fewSteps = ["--epochs", "6", "--batch-size", "20"];

/** Flags of a training that takes a second, for base models. */
export const quickTraining = ["--hidden", "16", "--latent", "8", ...fewSteps];
