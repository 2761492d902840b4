import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type ExportOptions,
  type ExportPrecision,
  InvalidOptionsError,
  type SplitDataset,
} from "@dmrec/core";
import { itemName } from "@dmrec/data";
import { writePage } from "@dmrec/web";
import type { ModelZoo } from "../zoo/model-zoo";
import { engineChoice } from "./engine-flags";
import type { ExportFlags } from "./export-flags";
import { isDirectory, makeDirectory } from "./make-directory";
import { printer, printJson } from "./print";
import { type OpenRun, openRun } from "./run/open-run";

/** `dmrec export`: writes the model of a run as one ONNX file, with the identifiers and names of the items, or as a page. */
export async function exportRun(directory: string, flags: ExportFlags, zoo: ModelZoo): Promise<void> {
  const { out, page } = flags;
  if (out === undefined && page === undefined) {
    const message = "expected the file to write; or name a folder with --page";
    throw new InvalidOptionsError("dmrec export", [{ path: "--out", message }]);
  }
  if (out !== undefined && (await isDirectory(out))) {
    const message = `${out} is a folder; expected the file to write, such as ${join(out, "model.onnx")}`;
    throw new InvalidOptionsError("dmrec export", [{ path: "--out", message }]);
  }
  const print = printer(flags);
  const engine = engineChoice(flags, "dmrec export");
  const run = await openRun(directory, { zoo, engine, data: flags.data, print });
  await using model = run.model;
  const { name } = model.recommender;
  const report = { run: directory, model: name };
  if (out !== undefined) {
    const precision = flags.precision ?? "float32";
    await writeModel(run, out, { precision });
    const bytes = (await stat(out)).size;
    if (flags.json && page === undefined) printJson({ ...report, file: out, precision, bytes });
    else print(`${name} is in ${out} (${(bytes / 2 ** 20).toFixed(1)} MiB).`);
  }
  if (page === undefined) return;
  await writeRunPage(run, page, flags.precision);
  if (flags.json) printJson({ ...report, ...(out !== undefined && { file: out }), page });
  else print(`A page for ${name} is in ${page}; any static web server serves it, such as npx serve ${page}.`);
}

/** Writes the model of a run with the names of its items. */
export async function writeModel(
  { model, data }: Pick<OpenRun, "model" | "data">,
  file: string,
  options: ExportOptions = {},
): Promise<void> {
  await model.export(file, { ...data, itemNames: namesOf(data) }, options);
}

/** Writes a page that recommends by the model of a run. A browser loads half of the bytes in float16, with the same top items. */
export async function writeRunPage(
  run: Pick<OpenRun, "model" | "data" | "encoder">,
  folder: string,
  precision: ExportPrecision = "float16",
): Promise<void> {
  const { model, data, encoder } = run;
  await makeDirectory(folder);
  await writePage(folder, {
    data,
    encoder: encoder?.fitted,
    itemNames: namesOf(data),
    reads: model.recommender.reads,
    exportModel: (file) => writeModel(run, file, { precision }),
  });
}

function namesOf(data: SplitDataset): string[] {
  return data.itemIds.map((_, item) => itemName(data, item));
}
