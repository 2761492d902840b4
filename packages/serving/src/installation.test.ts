import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The names of everything that an installation of a package brings: its dependencies and theirs, without peers. */
function installedWith(folder: string, found = new Set<string>()): Set<string> {
  const { dependencies = {} }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    if (found.has(name)) continue;
    found.add(name);
    // A package's dependencies are beside it in the store, and those of this repository in its own folder.
    const places = [join(folder, "node_modules", name), join(storeOf(folder), name)];
    const place = places.map(realPath).find((path) => path !== undefined);
    if (place === undefined) throw new Error(`${name}, which ${folder} depends on, is not installed`);
    installedWith(place, found);
  }
  return found;
}

function storeOf(folder: string): string {
  const index = folder.lastIndexOf("node_modules");
  return index < 0 ? dirname(folder) : folder.slice(0, index + "node_modules".length);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

it("installs without TensorFlow.js, a database or an HTTP server", () => {
  const names = [...installedWith(join(import.meta.dirname, ".."))];
  expect(names).toContain("@dmrec/core");
  expect(names).toContain("protobufjs");
  expect(names.filter((name) => /tfjs|tensorflow|lmdb|hono|express|@dmrec\/(?!core)/.test(name))).toEqual([]);
});
