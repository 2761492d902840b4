import { join } from "node:path";
import type { EngineReport, JsonObject, SplitDataset } from "@dmrec/core";
import { describeDataset } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import packageJson from "../../package.json" with { type: "json" };
import { writeDurably } from "../files/write-durably";
import type { RunIdentity } from "./run-identity";

export interface RunManifestInput {
  readonly identity: RunIdentity;
  readonly data: SplitDataset;
  readonly engine: EngineReport;
  readonly status: "running" | "interrupted" | "finished" | "failed";
  /** The message of the error that ended a failed run. */
  readonly error?: string;
  readonly results?: JsonObject;
}

/** Writes `manifest.json`: the model, settings, data, versions and results or error of a run. */
export async function writeRunManifest(directory: string, input: RunManifestInput): Promise<void> {
  const { identity, data, engine, status, error, results } = input;
  const manifest = {
    format: "dmrec-manifest-1",
    status,
    ...(error !== undefined && { error }),
    writtenAt: new Date().toISOString(),
    model: identity.model,
    training: identity.training,
    data: { name: data.name, sha256: identity.data, ...describeDataset(data) },
    engine,
    versions: {
      trainer: packageJson.version,
      tfjs: tf.version_core,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    ...(results && { results }),
  };
  await writeDurably(join(directory, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
