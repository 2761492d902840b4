import { InvalidDataError } from "@dmrec/core";
import { distinctEvents } from "../duplicate-events";
import type { IndexedInteractions } from "../formats/indexed-interactions";
import type { InteractionLog } from "../formats/interaction-log";
import { kCore } from "../k-core";
import { splitInteractions } from "../split";
import { commonIndices } from "./common-indices";
import { implicitLog } from "./implicit-log";
import type { IdentifiedParts, PartsSource, ReadPartsOptions } from "./parts-source";
import { readInteractions } from "./read-interactions";
import { indexedMatrix } from "./read-split-files";

/** Reads one file of interactions, filters them and splits them. */
export async function readWholeFile(source: PartsSource, file: string): Promise<IdentifiedParts> {
  const { options } = source;
  const whole = await readInteractions(file, options.columns);
  const filtered =
    whole.kind === "log" ? ({ kind: "log", log: filteredLog(whole.log, options) } as const) : whole;
  const { parts, userIds, itemIds } = await commonIndices(source, [filtered]);
  const interactions = whole.kind === "log" ? parts[0] : distinctInteractions(parts[0], options);
  const timestamps = filtered.kind === "log" ? filtered.log.timestamps : undefined;
  const split = splitInteractions({ ...interactions, ...(timestamps ? { timestamps } : {}) }, options.split);
  return { ...split, userIds, itemIds };
}

function filteredLog(whole: InteractionLog, options: ReadPartsOptions): InteractionLog {
  const { log, duplicates, firstLine } = distinctEvents(implicitLog(whole, options));
  if (duplicates > 0) {
    const message = "a user has an item more than once; kept once, the latest";
    options.onWarning({ source: whole.source, location: `line ${firstLine}`, message, count: duplicates });
  }
  const core = kCore(log, options.kCore);
  if (core.users.length > 0) return core;
  const actual = `no interaction is left of ${whole.users.length} (minimum rating, ${options.kCore}-core)`;
  throw new InvalidDataError({ source: whole.source, actual, expected: "interactions to train on" });
}

function distinctInteractions(
  interactions: IndexedInteractions,
  { onWarning }: ReadPartsOptions,
): IndexedInteractions {
  const { offsets, items, userCount } = indexedMatrix(interactions, onWarning);
  const users = new Int32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, offsets[user], offsets[user + 1]);
  return { ...interactions, users, items };
}
