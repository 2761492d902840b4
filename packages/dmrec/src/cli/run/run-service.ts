import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OnnxRuntime } from "@dmrec/core";
import type { ListenOptions, Service, ServiceModel, ServiceOptions } from "@dmrec/server";
import { loadRecommender } from "@dmrec/serving";
import { hasPage } from "@dmrec/web";
import { knownUsers } from "../../app/known-users";
import { embedKnownText } from "../../app/recommend-from-text";
import type { ModelZoo } from "../../zoo/model-zoo";
import { engineChoice } from "../engine-flags";
import { writeModel, writeRunPage } from "../export";
import type { Print } from "../print";
import type { ServeFlags } from "../serve-flags";
import { type OpenRun, openRun } from "./open-run";

/** A service of a run. */
export interface RunService {
  readonly service: Service;
  /** True if it has a page. */
  readonly hasPage: boolean;
  /** Takes the run's present model. If it cannot be opened, the one before stays. */
  reload(): Promise<void>;
}

/** A trained model to serve. */
export interface ServedModel extends Pick<OpenRun, "model" | "data" | "encoder"> {
  readonly threads?: number | undefined;
  /** Also leaves out the validation and test items of users. */
  readonly excludeHeldOut: boolean;
  readonly withPage: boolean;
}

/** Serves the model of a run: its users, its texts if it has an encoder, anyone with items, and a page to look at. */
export async function startRunService(
  directory: string,
  flags: ServeFlags,
  zoo: ModelZoo,
  print: Print,
): Promise<RunService> {
  const { port, host, requestsPerSecond, maxBody, timeout, threads, excludeHeldOut } = flags;
  const engine = engineChoice(flags, "dmrec serve");
  const withModel = async <Result>(use: (model: ServedModel) => Promise<Result>): Promise<Result> => {
    const run = await openRun(directory, { zoo, engine, data: flags.data, print });
    await using _model = run.model;
    return await use({ ...run, threads, excludeHeldOut, withPage: flags.page });
  };
  const options = {
    port,
    host,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(maxBody === undefined ? {} : { maxBodyBytes: maxBody }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
  };
  const { service, swap, ...found } = await withModel((model) => startModelService(model, options));
  return { ...found, service, reload: () => withModel(swap) };
}

/**
 * Serves an open model, which may be closed afterwards. The files that it takes are in a temporary folder until it stops.
 *
 * @throws RuntimeError if it cannot listen.
 */
export async function startModelService(
  model: ServedModel,
  options: ServiceOptions & ListenOptions,
): Promise<{
  readonly service: Service;
  readonly hasPage: boolean;
  swap(model: ServedModel): Promise<void>;
}> {
  // Not in the run, which may be mounted to be read only.
  const folder = await mkdtemp(join(tmpdir(), "dmrec-serve-"));
  const removeFiles = () => rm(folder, { recursive: true, force: true });
  try {
    // Only these commands load the HTTP server.
    const { startService, threadedRuntime } = await import("@dmrec/server");
    const runtime = await threadedRuntime();
    const first = await serviceModel(model, join(folder, "0"), runtime);
    const started = await startService(first, options);
    const stop = () => started.stop().finally(removeFiles);
    let count = 0;
    return {
      service: { ...started, stop, [Symbol.asyncDispose]: stop },
      hasPage: first.page !== undefined,
      swap: async (next) => {
        count += 1;
        await started.swap(await serviceModel(next, join(folder, String(count)), runtime));
        await rm(join(folder, String(count - 1)), { recursive: true, force: true });
      },
    };
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

/** The exported model of a run, with its users, its encoder and its page, whose files are in a folder. */
async function serviceModel(
  served: ServedModel,
  folder: string,
  runtime: OnnxRuntime,
): Promise<ServiceModel> {
  const { model, data, encoder, threads, excludeHeldOut, withPage } = served;
  await mkdir(folder);
  const file = join(folder, "model.onnx");
  await writeModel(served, file);
  const recommender = await loadRecommender(file, { threads, runtime });
  const { profile, userIndex } = recommender.reads;
  const texts = profile && !userIndex ? await encoder?.load() : undefined;
  const page = join(folder, "page");
  const isSeen = withPage && hasPage({ reads: model.recommender.reads, encoder: encoder?.fitted });
  if (isSeen) await writeRunPage(served, page);
  return {
    recommender,
    findUser: knownUsers(data, recommender, excludeHeldOut),
    ...(texts && { embedText: (text: string) => embedKnownText(texts, text) }),
    ...(isSeen && { page }),
  };
}
