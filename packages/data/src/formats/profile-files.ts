import { extname } from "node:path";
import { InvalidDataError, invalidOption, type Profile, parseOptions } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { z } from "zod";
import { parseJson } from "../files/parse-json";
import { readText } from "../files/read-file";
import { type PickledProfile, pickleProfiles, readPickledProfiles } from "./pickle/pickled-profiles";

export interface WriteProfilesOptions {
  /**
   * Identifiers, `[entities]`.
   *
   * @default indices
   */
  readonly ids?: readonly string[] | undefined;
  /**
   * Refuses to write if profiles are missing, or writes empty ones.
   *
   * @default "error"
   */
  readonly missing?: "error" | "empty" | undefined;
}

const idsSchema = z.array(z.string()).readonly().optional();
const writeSchema = z.strictObject({ ids: idsSchema, missing: z.enum(["error", "empty"]).default("error") });
const readSchema = z.strictObject({ ids: idsSchema });

export interface ReadProfilesOptions {
  /**
   * The identifiers of a pickle's indices.
   *
   * @default indices
   */
  readonly ids?: readonly string[] | undefined;
}

/**
 * Writes profiles in one of the field's forms, completely or not at all: `.pkl`, a pickled dict
 * `{index: {"profile", "reasoning"}}` like RLMRec's `usr_prf.pkl` and `itm_prf.pkl`, or `.jsonl`, a line
 * `{"id", "profile", "reasoning"}` each.
 *
 * There is an entry for each entity, in order. The profile of an entity without sufficient data is empty, in JSON null.
 * The index in a pickle is the identifier if all identifiers are whole numbers as JavaScript writes them (`7`, not `007`),
 * else the position.
 *
 * @throws InvalidDataError if a profile is missing.
 * @throws InvalidOptionsError
 * @throws FileError if the file cannot be written.
 * @example
 * await writeProfiles("item_profiles.jsonl", profiles, { ids: data.itemIds });
 */
export async function writeProfiles(
  file: string,
  profiles: readonly (Profile | undefined)[],
  options: WriteProfilesOptions = {},
): Promise<void> {
  const { ids, missing } = parseOptions("writeProfiles", writeSchema, options);
  if (ids) assertDistinct("writeProfiles.ids", ids, profiles.length);
  const names = ids ?? profiles.map((_, index) => String(index));
  const absent = profiles.flatMap((profile, index) => (profile ? [] : [names[index]]));
  if (missing === "error" && absent.length > 0) {
    const actual = `${absent.length} of ${profiles.length} profiles are missing, the first that of ${JSON.stringify(absent[0])}`;
    const expected = 'all of them, or { missing: "empty" }';
    throw new InvalidDataError({ source: file, actual, expected });
  }
  const entries = profiles.map(entryOf);
  const format = formatOf("writeProfiles", file);
  const content =
    format === "pickle"
      ? Buffer.from(
          pickleProfiles(new Map(indicesOf(names).map((index, position) => [index, entries[position]]))),
        )
      : entries
          .map(({ profile, reasoning }, index) =>
            JSON.stringify({ id: names[index], profile: profile === "" ? null : profile, reasoning }),
          )
          .map((line) => `${line}\n`)
          .join("");
  await replaceFile(file, content);
}

/**
 * Reads profiles that {@link writeProfiles} or the field's programs wrote, by identifier.
 *
 * @throws InvalidDataError naming the place.
 * @throws InvalidOptionsError
 * @example
 * const profiles = await readProfiles("itm_prf.pkl", { ids: data.itemIds });
 */
export async function readProfiles(
  file: string,
  options: ReadProfilesOptions = {},
): Promise<Map<string, Profile>> {
  const { ids } = parseOptions("readProfiles", readSchema, options);
  if (formatOf("readProfiles", file) === "json-lines") return readLines(file);
  if (ids) assertDistinct("readProfiles.ids", ids);
  const profiles = await readPickledProfiles(file);
  const idOf = new Map(ids && indicesOf(ids).map((index, position) => [index, ids[position]]));
  return new Map(
    Array.from(profiles, ([index, entry]) => {
      const id = ids ? idOf.get(index) : String(index);
      if (id !== undefined) return [id, profileOf(entry)];
      const expected = `an index of one of the ${idOf.size} identifiers`;
      throw new InvalidDataError({ source: file, actual: `index ${index}`, expected });
    }),
  );
}

/**
 * Checks that identifiers are distinct and, if it is given, `count` in number.
 *
 * @throws InvalidOptionsError
 */
function assertDistinct(path: string, ids: readonly string[], count = ids.length): void {
  if (ids.length !== count) throw invalidOption(path, `${ids.length} identifiers; expected ${count}`);
  const repeated = firstRepeated(ids);
  if (repeated === undefined) return;
  throw invalidOption(path, `${JSON.stringify(repeated)} is there twice; expected distinct ones`);
}

/** The numbers by which the field's programs and `loadDataset` identify entities, `[entities]`. */
function indicesOf(ids: readonly string[]): number[] {
  const areNumbers = ids.every(isIndex);
  return ids.map((id, position) => (areNumbers ? Number(id) : position));
}

/** True for a number that is written in one way only, so that distinct identifiers are distinct numbers. */
function isIndex(id: string): boolean {
  const index = Number(id);
  return Number.isSafeInteger(index) && index >= 0 && String(index) === id;
}

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  profile: z.string().nullable(),
  reasoning: z.string().default(""),
});

async function readLines(file: string): Promise<Map<string, Profile>> {
  const profiles = new Map<string, Profile>();
  const lines = (await readText(file)).split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const location = `line ${index + 1}`;
    const fail = (actual: string, expected: string) =>
      new InvalidDataError({ source: file, location, actual, expected });
    const parsed = lineSchema.safeParse(parseJson(file, line, location));
    if (!parsed.success)
      throw fail("no profile", 'an object with "id", "profile" (a text or null) and "reasoning"');
    const { id, profile, reasoning } = parsed.data;
    if (profiles.has(id)) throw fail(`${JSON.stringify(id)} is there twice`, "distinct identifiers");
    profiles.set(id, profileOf({ profile: profile ?? "", reasoning }));
  }
  return profiles;
}

const entryOf = (profile: Profile | undefined): PickledProfile => ({
  profile: profile?.status === "ok" ? profile.summary : "",
  reasoning: profile?.reasoning ?? "",
});

const profileOf = ({ profile, reasoning }: PickledProfile): Profile =>
  profile.trim() === ""
    ? { status: "insufficient", reasoning }
    : { status: "ok", summary: profile, reasoning };

function formatOf(owner: string, file: string): "pickle" | "json-lines" {
  const extension = extname(file);
  if (extension === ".pkl") return "pickle";
  if (extension === ".jsonl") return "json-lines";
  throw invalidOption(`${owner}.file`, `${JSON.stringify(file)} ends in neither .pkl nor .jsonl`);
}

function firstRepeated(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}
