import { join } from "node:path";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { InvalidOptionsError, type ItemAttributes, RuntimeError, type SplitDataset } from "@dmrec/core";
import { loadDataset, syntheticCatalogue, writeProfiles } from "@dmrec/data";
import {
  describeProgress,
  describeReport,
  type GeneratedProfiles,
  generateItemProfiles,
  generateUserProfiles,
  openProfileStore,
  type Profile,
  type ProfileReport,
  ProfileRunError,
  type ProfileStore,
  promptTemplates,
  type RunOptions,
} from "@dmrec/profiles";
import { counted } from "./counted";
import { Interrupted, interruptionSignal } from "./interruption";
import { makeDirectory } from "./make-directory";
import { type Print, printer, printJson } from "./print";
import { printWarning } from "./print-warning";
import type { ProfilesFlags } from "./profiles-flags";
import { clearProgress } from "./progress-reporter";

/** `dmrec profiles`: generates profiles of a dataset's items and users by a language model and writes them to files. */
export async function profiles(flags: ProfilesFlags): Promise<void> {
  const print = printer(flags);
  const data =
    flags.data === undefined
      ? syntheticCatalogue()
      : await loadDataset(flags.data, { onWarning: printWarning });
  print(`Data: ${data.name}, ${counted(data.itemCount, "item")}, ${counted(data.userCount, "user")}`);
  const items = attributesOf(data);
  await makeDirectory(flags.store);
  const store = await openProfileStore(flags.store);
  const interruption = interruptionSignal(() =>
    console.error("\nCompleting the calls in flight, which are billed. Press Ctrl-C again to lose them."),
  );
  const run = { ...runOptions(flags, store), abortSignal: interruption.abortSignal };
  const { itemIds, userIds, train } = data;
  const gaps: string[] = [];
  const results: { readonly name: string; readonly file?: string; readonly report: ProfileReport }[] = [];
  const finish = async (name: string, ids: readonly string[], made: Promise<GeneratedProfiles>) => {
    const { profiles, report } = await withProgressCleared(made, print);
    print(`${name}: ${describeReport(report)}`);
    if (flags.dryRun) {
      results.push({ name, report });
      return profiles;
    }
    const file = join(flags.output ?? flags.data ?? flags.store, name);
    const missing = profiles.filter((profile) => profile === undefined).length;
    if (missing > 0 && flags.missing === "error") {
      gaps.push(`${missing} profiles are missing, so ${file} is not written`);
      return profiles;
    }
    await writeProfiles(file, profiles, { ids, missing: flags.missing });
    print(`Written to ${file}`);
    results.push({ name, file, report });
    return profiles;
  };
  try {
    let itemProfiles: readonly (Profile | undefined)[] = [];
    if (flags.of === "users") {
      const { report } = await withProgressCleared(
        generateItemProfiles({ ...run, items, itemIds, dryRun: true }),
        print,
      );
      itemProfiles = storedProfiles(store, itemIds);
      if (report.stale > 0)
        print(`${report.stale} profiles of items are from another model, domain or attributes`);
    } else
      itemProfiles = await finish(
        "item_profiles.jsonl",
        itemIds,
        generateItemProfiles({ ...run, items, itemIds }),
      );
    if (flags.of !== "items")
      await finish(
        "user_profiles.jsonl",
        userIds,
        generateUserProfiles({ ...run, train, items, itemProfiles, userIds }),
      );
    if (gaps.length > 0) {
      const message = `${gaps.join("; ")}. The same command asks for them again; --missing empty writes empty ones`;
      throw new RuntimeError(message);
    }
    if (flags.json) printJson({ data: data.name, dryRun: flags.dryRun, profiles: results });
  } finally {
    interruption.release();
    await store.close();
  }
}

function attributesOf({ name, itemAttributes, itemNames }: SplitDataset): readonly ItemAttributes[] {
  if (itemAttributes) return itemAttributes;
  if (itemNames) return itemNames.map((title) => ({ title }));
  const message = `${name} has no table of items with titles or texts, no item_attributes.json(l) and no names of items; expected one of them`;
  throw wrongFlag("--data", message);
}

function runOptions(flags: ProfilesFlags, store: ProfileStore): RunOptions {
  const { OPENAI_BASE_URL: baseURL = "https://api.openai.com/v1", OPENAI_API_KEY: apiKey } = process.env;
  const { maxParallelCalls, requestsPerMinute, tokensPerMinute, inputPrice, outputPrice, maxCost, dryRun } =
    flags;
  const { structuredOutputs: supportsStructuredOutputs } = flags;
  if (!dryRun && !apiKey && process.env.OPENAI_BASE_URL === undefined) {
    const message =
      "is not set; expected a key, or OPENAI_BASE_URL of a service that needs none (--dry-run needs neither)";
    throw wrongFlag("OPENAI_API_KEY", message);
  }
  if (!/^https?:/i.test(baseURL) || !URL.canParse(baseURL))
    throw wrongFlag(
      "OPENAI_BASE_URL",
      `${JSON.stringify(baseURL)}; expected the address of a service, such as http://localhost:11434/v1`,
    );
  if ((inputPrice === undefined) !== (outputPrice === undefined)) {
    const [missing, given] =
      inputPrice === undefined ? ["--input-price", "--output-price"] : ["--output-price", "--input-price"];
    throw wrongFlag(missing, `is required with ${given}: both prompt and reply tokens are billed`);
  }
  if (maxCost !== undefined && inputPrice === undefined)
    throw wrongFlag("--input-price", "and --output-price are required with --max-cost");
  const provider = createOpenAICompatible({
    name: "openai",
    baseURL,
    supportsStructuredOutputs,
    ...(apiKey ? { apiKey } : {}),
  });
  return {
    model: provider(flags.model),
    store,
    template: promptTemplates[flags.domain],
    maxParallelCalls,
    dryRun,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(inputPrice === undefined || outputPrice === undefined
      ? {}
      : { prices: { inputPerMillion: inputPrice, outputPerMillion: outputPrice } }),
    onWarning: (message) => console.error(message),
    onProgress: progressLine(),
  };
}

/** The latest stored profiles of items, which profiles of users are written from. */
function storedProfiles(store: ProfileStore, ids: readonly string[]): readonly (Profile | undefined)[] {
  const stored = store.profiles("default", "item");
  return ids.map((id) => stored.get(id));
}

/** Awaits a run, clears its line of progress, and reports how far an unfinished run came. */
async function withProgressCleared(
  made: Promise<GeneratedProfiles>,
  print: Print,
): Promise<GeneratedProfiles> {
  try {
    return await made;
  } catch (error) {
    if (!ProfileRunError.isInstance(error)) throw error;
    print(describeReport(error.report));
    throw error.reason === "interrupted" ? new Interrupted(error.message) : error;
  } finally {
    clearProgress();
  }
}

function wrongFlag(path: string, message: string): InvalidOptionsError {
  return new InvalidOptionsError("dmrec profiles", [{ path, message }]);
}

/** Seconds between two lines if the output is no terminal. */
const quietSeconds = 10;

function progressLine(): NonNullable<RunOptions["onProgress"]> {
  let last = performance.now();
  return (progress) => {
    const line = describeProgress(progress);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    else if (performance.now() - last > quietSeconds * 1000) {
      last = performance.now();
      process.stderr.write(`${line}\n`);
    }
  };
}
