import { InvalidDataError } from "@dmrec/core";
import { distinctEvents } from "../duplicate-events";
import type { IndexedInteractions } from "../formats/indexed-interactions";
import type { InteractionLog } from "../formats/interaction-log";
import { toEntries } from "../interaction-matrix";
import { coreEntries, kCore } from "../k-core";
import { type SplittableInteractions, splitInteractions } from "../split";
import { commonIndices } from "./common-indices";
import { implicitInteractions } from "./implicit-interactions";
import { indexedMatrix } from "./indexed-matrix";
import type { IdentifiedParts, Identifiers, PartsSource, ReadPartsOptions } from "./parts-source";
import { readInteractions } from "./read-interactions";

/** Reads one file of interactions, filters them and splits them. */
export async function readWholeFile(source: PartsSource, file: string): Promise<IdentifiedParts> {
  const { options } = source;
  const whole = implicitInteractions(await readInteractions(file, options), options);
  if (whole.kind === "indexed") {
    const { parts, ...identifiers } = await commonIndices(source, [whole]);
    const interactions = filteredInteractions(parts[0], identifiers, options);
    return { source: file, ...splitInteractions(interactions, options.split), ...identifiers };
  }
  const log = filteredLog(whole.log, options);
  const { parts, ...identifiers } = await commonIndices(source, [{ kind: "log", log }]);
  const { timestamps } = log;
  const interactions = { ...parts[0], ...(timestamps ? { timestamps } : {}) };
  return { source: file, ...splitInteractions(interactions, options.split), ...identifiers };
}

/** One event for each pair, of the k-core; identifiers outside it leave. */
function filteredLog(whole: InteractionLog, options: ReadPartsOptions): InteractionLog {
  const { source } = whole;
  const { log, duplicates, firstLine } = distinctEvents(whole);
  if (duplicates > 0) {
    const message = "a user has an item more than once; kept once, the latest";
    options.onWarning({ source, location: `line ${firstLine}`, message, count: duplicates });
  }
  const core = kCore(log, options.kCore);
  assertSomeLeft(source, core.users.length, options);
  return core;
}

/** Distinct interactions, of the k-core. Indices stay: embeddings, names and profiles go by them. */
function filteredInteractions(
  whole: IndexedInteractions,
  identifiers: Identifiers,
  options: ReadPartsOptions,
): SplittableInteractions {
  const { source } = whole;
  const { userCount, itemCount, users, items } = toEntries(
    indexedMatrix(whole, identifiers, options.onWarning),
  );
  const core = coreEntries({ userCount, itemCount, users, items }, options.kCore);
  assertSomeLeft(source, core.length, options);
  return {
    source,
    userCount,
    itemCount,
    users: core.map((entry) => users[entry]),
    items: core.map((entry) => items[entry]),
  };
}

function assertSomeLeft(source: string, left: number, { minimumRating, kCore: k }: ReadPartsOptions): void {
  if (left > 0) return;
  const filters = [...(minimumRating === undefined ? [] : [`minimum rating ${minimumRating}`]), `${k}-core`];
  const actual = `no interaction is left (${filters.join(", ")})`;
  throw new InvalidDataError({ source, actual, expected: "interactions to train on" });
}
