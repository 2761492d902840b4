import { InvalidDataError } from "@dmrec/core";
import { distinctEvents } from "../../interactions/distinct-events";
import type { InteractionEntries } from "../../interactions/interaction-entries";
import type { InteractionLog } from "../../interactions/interaction-log";
import { toEntries } from "../../interactions/interaction-matrix";
import { coreEntries, kCore } from "../../interactions/k-core";
import { splitInteractions } from "../../interactions/split-interactions";
import { distinctMatrix } from "../index/distinct-matrix";
import { indexParts } from "../index/index-parts";
import type { IdentifiedParts, Identifiers, LoadContext } from "../load-context";
import type { LoadSettings } from "../load-options";
import { implicitInteractions } from "../read/implicit-interactions";
import { type FileInteractions, isLog, readInteractions } from "../read/read-interactions";
import { recordInteractions } from "../report/record-interactions";
import { withWholeIdentifiers } from "../whole-identifiers";

/** Loads one file of interactions, filters them and splits them. */
export async function loadOwnSplit(context: LoadContext, file: string): Promise<IdentifiedParts> {
  return splitWhole(context, await readInteractions(file, context.settings), file);
}

/** Filters interactions and splits them. */
export async function splitWhole(
  context: LoadContext,
  read: FileInteractions,
  file = read.source ?? "interactions",
): Promise<IdentifiedParts> {
  const { settings, report } = context;
  const whole = implicitInteractions(withWholeIdentifiers(read), settings);
  recordInteractions(report, file, "interactions", read);
  if (isLog(whole)) {
    const { parts, ...identifiers } = await indexParts(context, [filteredLog(whole, settings)]);
    return { source: file, ...splitInteractions(parts[0], settings.split), ...identifiers };
  }
  const { parts, ...identifiers } = await indexParts(context, [whole]);
  const entries = filteredEntries(parts[0], identifiers, settings);
  return { source: file, ...splitInteractions(entries, settings.split), ...identifiers };
}

/** One event for each pair, of the k-core. Identifiers outside the k-core are left out. */
function filteredLog(whole: InteractionLog, settings: LoadSettings): InteractionLog {
  const { source } = whole;
  const { log, duplicates, firstLine } = distinctEvents(whole);
  if (duplicates > 0) {
    const message = "a user has an item more than once; kept once, the latest";
    const leftOut = "repetitions";
    settings.onWarning({ source, location: `line ${firstLine}`, message, count: duplicates, leftOut });
  }
  const core = kCore(log, settings.kCore);
  assertSomeLeft(source, core.users.length, settings);
  return core;
}

/** Distinct entries, of the k-core. Indices stay, because embeddings, names and profiles refer to them. */
function filteredEntries(
  whole: InteractionEntries,
  identifiers: Identifiers,
  settings: LoadSettings,
): InteractionEntries {
  const { source = "interactions" } = whole;
  const distinct = toEntries(distinctMatrix(whole, identifiers, settings.onWarning));
  const core = coreEntries(distinct, settings.kCore);
  assertSomeLeft(source, core.length, settings);
  return {
    source,
    userCount: distinct.userCount,
    itemCount: distinct.itemCount,
    users: core.map((entry) => distinct.users[entry]),
    items: core.map((entry) => distinct.items[entry]),
  };
}

function assertSomeLeft(source: string, left: number, { minimumRating, kCore: k }: LoadSettings): void {
  if (left > 0) return;
  const filters = [
    ...(minimumRating === undefined ? [] : [`minimum rating ${minimumRating}`]),
    ...(k > 0 ? [`${k}-core`] : []),
  ];
  const actual = `no interaction is left${filters.length > 0 ? ` (${filters.join(", ")})` : ""}`;
  throw new InvalidDataError({ source, actual, expected: "interactions to train on" });
}
