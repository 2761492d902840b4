import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidOptionsError } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import type { ModelZoo } from "../zoo/model-zoo";
import { engineChoice } from "./engine-flags";
import { makeDirectory } from "./make-directory";
import { printer, printJson } from "./print";
import { type GatherOptions, gatherFacts } from "./report/gather-facts";
import type { ReportFacts } from "./report/report-facts";
import { type ReportSubject, reportSubject } from "./report/report-subject";
import type { ReportFlags } from "./report-flags";
import { runData } from "./run/open-run";

/** `dmrec report`: writes a run or a comparison as one HTML page. */
export async function report(directory: string, flags: ReportFlags, zoo: ModelZoo): Promise<void> {
  const print = printer(flags);
  const engine = engineChoice(flags, "dmrec report");
  await assertReplaceable(flags.out);
  const subject = await reportSubject(directory);
  const { data } = await runData(directory, subject, flags.data, print);
  const file = flags.out ?? reportFile(directory);
  const facts = await writeReport(file, subject, { zoo, engine, data });
  if (flags.json) printJson({ file, ...facts });
  else print(`The report is ${file}. Any browser opens it, and prints it.`);
}

/** @throws InvalidOptionsError if a page would take the place of a folder, a device or a pipe. */
async function assertReplaceable(out: string | undefined): Promise<void> {
  const found = out === undefined ? undefined : await stat(out).catch(() => undefined);
  if (!found || found.isFile()) return;
  const message = `${out} is no file; expected the file to write, such as report.html`;
  throw new InvalidOptionsError("dmrec report", [{ path: "--out", message }]);
}

/** The page of a run or a comparison, unless the user names another. */
export function reportFile(directory: string): string {
  return join(directory, "report.html");
}

/**
 * Writes the report of a run or a comparison, and returns what it shows.
 *
 * @throws FileError if a file of the run cannot be read, or the page cannot be written.
 */
export async function writeReport(
  file: string,
  subject: ReportSubject,
  options: GatherOptions,
): Promise<ReportFacts> {
  const facts = await gatherFacts(subject, options);
  // Only a report loads the program that draws plots.
  const { renderReport } = await import("./report/render-report");
  const page = await renderReport(facts);
  await makeDirectory(dirname(file));
  await replaceFile(file, page);
  return facts;
}
