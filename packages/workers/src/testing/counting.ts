import { join } from "node:path";
import { localProcesses } from "../index";
import type { CountingTask } from "./counting-program";

/** Processes that count. */
export const countingProcesses = () =>
  localProcesses({
    file: join(import.meta.dirname, "counting-program.ts"),
    execArgv: ["--import", "tsx"],
  });

export const countingTask = (label: string, data: CountingTask) => ({ label, data });
