import { type ExportPrecision, exportPrecisions } from "@dmrec/core";
import { Command, Option } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec export`. */
export interface ExportFlags extends RunFlags {
  readonly out: string;
  readonly precision: ExportPrecision;
}

/** The command `dmrec export`, which runs `exportRun`. */
export function exportCommand(
  zoo: ModelZoo,
  exportRun: (run: string, flags: ExportFlags) => Promise<void>,
): Command {
  const command = new Command("export")
    .description("Write the model of a run as one ONNX file, which loadRecommender of @dmrec/serving loads.")
    .argument("<run>", "the directory of the run")
    .requiredOption("--out <file>", "the file to write, such as model.onnx")
    .addOption(
      new Option(
        "--precision <type>",
        "type of the file's large arrays: float16 halves the file, int8 quarters it",
      )
        .choices(exportPrecisions)
        .default("float32"),
    )
    .action(exportRun);
  return runCommand(command, zoo, "dmrec export runs/first --out model.onnx");
}
