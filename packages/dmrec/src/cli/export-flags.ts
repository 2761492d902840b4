import { type ExportPrecision, exportPrecisions } from "@dmrec/core";
import { Command, Option } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec export`. */
export interface ExportFlags extends RunFlags {
  /** The ONNX file to write. */
  readonly out?: string;
  /** The folder to write a page into. */
  readonly page?: string;
  /** The type of large arrays. @default "float32" for a file, "float16" for a page */
  readonly precision?: ExportPrecision;
}

/** The command `dmrec export`, which runs `exportRun`. */
export function exportCommand(
  zoo: ModelZoo,
  exportRun: (run: string, flags: ExportFlags) => Promise<void>,
): Command {
  const command = new Command("export")
    .argument("<run>", "the directory of the run")
    .option("--out <file>", "the file to write, such as model.onnx")
    .option("--page <folder>", "the folder to write a page into, such as public")
    .addOption(
      new Option(
        "--precision <type>",
        "type of large arrays: float16 halves the file, int8 quarters it (default: float32 for a file, float16 for a page)",
      ).choices(exportPrecisions),
    )
    .action(exportRun);
  return runCommand(command, zoo, "dmrec export runs/first --out model.onnx");
}
