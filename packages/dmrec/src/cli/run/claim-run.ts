import { readdir, rm } from "node:fs/promises";
import { InvalidOptionsError } from "@dmrec/core";
import { makeDirectory } from "../make-directory";
import { metricsFile } from "./metrics-log";
import { type RunRecord, readRunRecord, runFiles, writeRunRecord } from "./run-record";

/**
 * Makes a directory the run of a record, or finds that it is already, so the run continues there.
 *
 * @param fresh Starts again, whatever run the directory holds.
 * @throws InvalidOptionsError if it holds another run, or files that are no run.
 * @throws FileError
 */
export async function claimRun(directory: string, record: RunRecord, fresh: boolean): Promise<void> {
  const found = fresh ? undefined : await readRunRecord(directory);
  const files = runFiles(directory);
  if (found) {
    const changes = differences(identity(found), identity(record));
    if (changes.length > 0) {
      const message = `${directory} holds another run (${changes.slice(0, 4).join("; ")}); name another folder, or add --fresh to replace it`;
      throw new InvalidOptionsError("dmrec train", [{ path: "--out", message }]);
    }
  } else if (!(await isRunOrEmpty(directory))) {
    const message = `${directory} holds files that are no run; name a new folder, such as ${directory}/first`;
    throw new InvalidOptionsError("dmrec train", [{ path: "--out", message }]);
  }
  await makeDirectory(directory);
  if (fresh)
    for (const file of [files.weights, files.encoder, metricsFile(directory)])
      await rm(file, { force: true });
  await writeRunRecord(directory, record);
}

/** The part of a record that stays when a run continues: everything but its length and the place of its data. */
function identity({ data, training, ...record }: RunRecord): unknown {
  const { epochs: _, evaluation, ...training_ } = training;
  const { patience: __, ...measured } = evaluation;
  const { data: ___, ...flags } = data;
  // As JSON, because the one was read from a file.
  return JSON.parse(
    JSON.stringify({ data: flags, training: { ...training_, evaluation: measured }, ...record }),
  );
}

async function isRunOrEmpty(directory: string): Promise<boolean> {
  // A folder that cannot be read is reported when the record is written.
  const names: readonly string[] = await readdir(directory).catch(() => []);
  return names.length === 0 || names.includes("run.json");
}

/** The differences between two JSON values, each with its path. */
function differences(then: unknown, now: unknown, path = ""): string[] {
  if (isObject(then) && isObject(now)) {
    const keys = new Set([...Object.keys(then), ...Object.keys(now)]);
    return [...keys].flatMap((key) => differences(then[key], now[key], path === "" ? key : `${path}.${key}`));
  }
  // Two hashes tell a person nothing.
  if (path === "dataSha256" && then !== now) return ["its data has changed"];
  const [before, after] = [JSON.stringify(then) ?? "absent", JSON.stringify(now) ?? "absent"];
  return before === after ? [] : [`${path} was ${before} and is ${after}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
