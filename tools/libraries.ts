// Builds the packages and the benchmarks in one process: tsup takes a second to start, and a fraction of one for a package.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Options } from "tsup";

const root = resolve(import.meta.dirname, "..");
const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));

for (const folder of [...packages, join(root, "benchmarks")]) {
  // tsup reads the package and its dependencies from here. esbuild, which stays in the folder of its start, is given it.
  process.chdir(folder);
  const { default: configured } = await import(pathToFileURL(join(folder, "tsup.config.ts")).href);
  const configurations: readonly Options[] = [configured].flat();
  const esbuildOptions: Options["esbuildOptions"] = (options) => {
    options.absWorkingDir = folder;
  };
  for (const configuration of configurations)
    await build({ ...configuration, config: false, silent: true, esbuildOptions });
}
