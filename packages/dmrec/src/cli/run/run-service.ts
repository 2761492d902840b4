import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OnnxRuntime } from "@dmrec/core";
import type { Service, ServiceModel } from "@dmrec/server";
import { loadRecommender } from "@dmrec/serving";
import { knownUsers } from "../../app/known-users";
import { embedKnownText } from "../../app/recommend-from-text";
import type { ModelZoo } from "../../zoo/model-zoo";
import { engineChoice } from "../engine-flags";
import { writeModel } from "../export";
import type { Print } from "../print";
import type { ServeFlags } from "../serve-flags";
import { openRun } from "./open-run";

/** A service of a run. */
export interface RunService {
  readonly service: Service;
  /** Takes the run's present model. If it cannot be opened, the one before stays. */
  reload(): Promise<void>;
}

/** Serves the model of a run: its users, its texts if it has an encoder, and anyone with items. */
export async function startRunService(
  directory: string,
  flags: ServeFlags,
  zoo: ModelZoo,
  print: Print,
): Promise<RunService> {
  const { port, host, requestsPerSecond, maxBody, timeout } = flags;
  // Only this command loads the HTTP server.
  const { startService, threadedRuntime } = await import("@dmrec/server");
  const runtime = await threadedRuntime();
  const open = () => runModel(directory, flags, zoo, runtime, print);
  const service = await startService(await open(), {
    port,
    host,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(maxBody === undefined ? {} : { maxBodyBytes: maxBody }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
  });
  return { service, reload: async () => service.swap(await open()) };
}

/** The exported model of a run, with its users and its encoder. */
async function runModel(
  directory: string,
  flags: ServeFlags,
  zoo: ModelZoo,
  runtime: OnnxRuntime,
  print: Print,
): Promise<ServiceModel> {
  const engine = engineChoice(flags, "dmrec serve");
  const run = await openRun(directory, { zoo, engine, data: flags.data, print });
  await using _model = run.model;
  // Not in the run, which may be mounted to be read only.
  const folder = await mkdtemp(join(tmpdir(), "dmrec-serve-"));
  try {
    const file = join(folder, "model.onnx");
    await writeModel(run, file);
    const { threads } = flags;
    const recommender = await loadRecommender(file, { threads, runtime });
    const { data, encoder } = run;
    const { profile, userIndex } = recommender.reads;
    const texts = profile && !userIndex ? await encoder?.load() : undefined;
    return {
      recommender,
      findUser: knownUsers(data, recommender, flags.excludeHeldOut),
      ...(texts && { embedText: (text: string) => embedKnownText(texts, text) }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
