import { asTrainingSplit } from "../interaction-matrix";
import { commonIndices } from "./common-indices";
import { holdOutValidation } from "./hold-out-validation";
import { implicitInteractions } from "./implicit-interactions";
import { indexedMatrix } from "./indexed-matrix";
import type { IdentifiedParts, PartsSource } from "./parts-source";
import { type ReadInteractions, readInteractions } from "./read-interactions";
import { reportOverlap } from "./report-overlap";

/** The files of interactions that are split already. */
export interface SplitFiles {
  readonly train: string;
  /** Where it is absent, a share of the training part is held out. */
  readonly validation: string | undefined;
  readonly test: string;
}

/** Reads interactions that are split already. */
export async function readSplitFiles(source: PartsSource, files: SplitFiles): Promise<IdentifiedParts> {
  const { options } = source;
  const { onWarning, kCore } = options;
  if (kCore > 0) {
    const message = `the ${kCore}-core is not taken of interactions that are split already`;
    onWarning({ source: files.train, message, count: 1 });
  }
  const read: ReadInteractions[] = [];
  for (const file of [files.train, files.validation, files.test])
    if (file !== undefined) read.push(implicitInteractions(await readInteractions(file, options), options));

  const { parts, ...identifiers } = await commonIndices(source, read);
  const [train, ...heldOutParts] = parts.map((part) => indexedMatrix(part, identifiers, onWarning));
  for (const heldOut of parts.slice(1))
    reportOverlap({ source: files.train, matrix: train }, heldOut, identifiers, onWarning);
  const identified = { source: files.train, ...identifiers };
  if (files.validation === undefined) {
    const [test] = heldOutParts;
    return { ...identified, ...holdOutValidation(train, files.train, options), test };
  }
  const [validation, test] = heldOutParts;
  return { ...identified, train: asTrainingSplit(train), validation, test };
}
