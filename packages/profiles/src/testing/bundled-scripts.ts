import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { build } from "tsup";

const packages = join(import.meta.dirname, "../../..");
const scripts = join(import.meta.dirname, "scripts");
/** Within the package, so that the bundles find their dependencies. */
const cache = join(import.meta.dirname, "../../node_modules/.cache/test-scripts");
/** Binaries, and dependencies of which a process must have one copy. */
const unbundled = ["lmdb", "bullmq", "ioredis", "onnxruntime-node"];

let bundling: Promise<string> | undefined;

/**
 * Bundles the scripts of this folder, unless that was done since their sources have changed, and returns the folder of the
 * bundles. A process starts from a bundle in a third of the time that it takes from the sources.
 */
export function bundledScripts(): Promise<string> {
  bundling ??= bundle();
  return bundling;
}

async function bundle(): Promise<string> {
  const folder = join(cache, await hashSources());
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const outdated = await readdir(cache);
  const temporary = await mkdtemp(join(cache, "building-"));
  await build({
    config: false,
    silent: true,
    entry: (await readdir(scripts)).map((name) => join(scripts, name)),
    outDir: temporary,
    format: "esm",
    target: "node20",
    external: unbundled,
    noExternal: [new RegExp(`^(?!(${unbundled.join("|")})$)`)],
    banner: {
      js: 'import { createRequire as createRequireOf } from "node:module"; const require = createRequireOf(import.meta.url);',
    },
    esbuildPlugins: [
      {
        name: "sources",
        setup({ onResolve }) {
          // `@dmrec/core/files` is `core/src/files/index.ts`.
          onResolve({ filter: /^@dmrec\// }, ({ path }) => {
            const [, name, entry = ""] = path.split("/");
            return { path: join(packages, name, "src", entry, "index.ts") };
          });
        },
      },
    ],
  });
  // Another test file may have been faster.
  await rename(temporary, folder).catch(() => rm(temporary, { recursive: true }));
  const isBundle = (name: string) => !name.startsWith("building-");
  await Promise.all(
    outdated.filter(isBundle).map((name) => rm(join(cache, name), { recursive: true, force: true })),
  );
  return folder;
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["core", "profiles", "encoders", "linear-algebra"]) {
    const source = join(packages, name, "src");
    const files = (await readdir(source, { recursive: true })).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    for (const file of files.sort()) {
      const { mtimeMs, size } = await stat(join(source, file));
      hash.update(`${name}/${file} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
