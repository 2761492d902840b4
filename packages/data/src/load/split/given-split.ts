import { asTrainingSplit } from "../../interactions/interaction-matrix";
import type { SplitFiles } from "../discover/find-split";
import { distinctMatrix } from "../index/distinct-matrix";
import { indexParts } from "../index/index-parts";
import type { IdentifiedParts, LoadContext } from "../load-context";
import { implicitInteractions } from "../read/implicit-interactions";
import { type FileInteractions, readInteractions } from "../read/read-interactions";
import { recordInteractions } from "../report/record-interactions";
import { withWholeIdentifiers } from "../whole-identifiers";
import { holdOutValidation } from "./hold-out-validation";
import { reportOverlap } from "./report-overlap";

/** Loads interactions that are split into files already. */
export async function loadGivenSplit(context: LoadContext, files: SplitFiles): Promise<IdentifiedParts> {
  const { settings, report } = context;
  const { onWarning, kCore } = settings;
  const source = files.train;
  if (kCore > 0) {
    const message = `the ${kCore}-core is not taken of interactions that are split already`;
    onWarning({ source, message, count: 1 });
  }
  const read: FileInteractions[] = [];
  for (const [part, file] of Object.entries({
    training: files.train,
    validation: files.validation,
    test: files.test,
  })) {
    if (file === undefined) continue;
    const interactions = await readInteractions(file, settings);
    recordInteractions(report, file, `${part} part`, interactions);
    read.push(implicitInteractions(withWholeIdentifiers(interactions), settings));
  }

  const { parts, ...identifiers } = await indexParts(context, read);
  const [train, ...heldOutParts] = parts.map((part) => distinctMatrix(part, identifiers, onWarning));
  for (const heldOut of parts.slice(1))
    reportOverlap({ source, matrix: train }, heldOut, identifiers, onWarning);
  if (files.validation === undefined) {
    const [test] = heldOutParts;
    return { source, ...identifiers, ...holdOutValidation(train, source, settings), test };
  }
  const [validation, test] = heldOutParts;
  return { source, ...identifiers, train: asTrainingSplit(train), validation, test };
}
