import { stat } from "node:fs/promises";
import type { ExportOptions } from "@dmrec/core";
import { itemName } from "@dmrec/data";
import type { ModelZoo } from "../zoo/model-zoo";
import { engineChoice } from "./engine-flags";
import type { ExportFlags } from "./export-flags";
import { printer, printJson } from "./print";
import { type OpenRun, openRun } from "./run/open-run";

/** `dmrec export`: writes the model of a run as one ONNX file, with the identifiers and names of the items. */
export async function exportRun(directory: string, flags: ExportFlags, zoo: ModelZoo): Promise<void> {
  const print = printer(flags);
  const engine = engineChoice(flags, "dmrec export");
  const run = await openRun(directory, { zoo, engine, data: flags.data, print });
  await using model = run.model;
  await writeModel(run, flags.out, { precision: flags.precision });
  const bytes = (await stat(flags.out)).size;
  const { name } = model.recommender;
  const { precision } = flags;
  if (flags.json) printJson({ run: directory, model: name, file: flags.out, precision, bytes });
  else print(`${name} is in ${flags.out} (${(bytes / 2 ** 20).toFixed(1)} MiB).`);
}

/** Writes the model of a run with the names of its items. */
export async function writeModel(
  { model, data }: OpenRun,
  file: string,
  options: ExportOptions = {},
): Promise<void> {
  const itemNames = data.itemIds.map((_, item) => itemName(data, item));
  await model.export(file, { ...data, itemNames }, options);
}
