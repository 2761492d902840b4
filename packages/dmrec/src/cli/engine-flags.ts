import { InvalidOptionsError } from "@dmrec/core";
import {
  automatic,
  type BackendName,
  compiled,
  type EngineChoice,
  type ExecutionProvider,
  eager,
} from "@dmrec/trainer";

export const engineNames = ["auto", "compiled", "eager"] as const;

/** The flags that choose what runs the steps. */
export interface EngineFlags {
  readonly engine: (typeof engineNames)[number];
  readonly threads?: number | undefined;
  readonly executionProvider?: ExecutionProvider | undefined;
  readonly backend?: BackendName | undefined;
}

/**
 * The engine that the flags choose.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError if a flag belongs to another engine than the chosen one.
 */
export function engineChoice(flags: EngineFlags, owner = "dmrec compare"): EngineChoice {
  const conflict = (flag: string, engine: string, other: string) =>
    new InvalidOptionsError(owner, [
      { path: flag, message: `belongs to ${engine}; leave it out with ${other}` },
    ]);
  const { engine, threads, executionProvider, backend } = flags;
  const isEager = engine === "eager" || (backend !== undefined && backend !== "auto");
  if (isEager) {
    if (engine === "compiled") throw conflict("--backend", "the eager engine", "--engine compiled");
    const chosen = engine === "eager" ? "--engine eager" : "--backend";
    if (threads !== undefined) throw conflict("--threads", "the compiled engine", chosen);
    if (executionProvider !== undefined)
      throw conflict("--execution-provider", "the compiled engine", chosen);
    return eager({ backend });
  }
  // A provider is only of the compiled engine: to name one is to ask for it.
  if (engine === "compiled" || executionProvider !== undefined)
    return compiled({ threads, executionProvider });
  return automatic({ threads });
}
