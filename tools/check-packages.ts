// Checks every package as npm would publish it: publint its package.json and files, Are the types wrong? its types for each way
// of importing them. One process for all packages: a start of each check costs more than the check.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { filterProblems, problemKindInfo } from "@arethetypeswrong/core/problems";
import { type Message, publint } from "publint";
import { formatMessage } from "publint/utils";

const root = resolve(import.meta.dirname, "..");

/** Packages with entry points beside the main one, which the resolution of Node.js 10 does not know. */
const notForNode10 = new Set(["@dmrec/core", "@dmrec/layers"]);

function pack(folder: string): void {
  const flags = ["--pack-destination", folder, "--config.ignore-scripts=true"];
  const { status, stderr } = spawnSync(
    "npx",
    ["--yes", "pnpm@12.21.0", "--recursive", "--filter", "./packages/*", "pack", ...flags],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`pnpm pack: ${stderr}`);
}

/** Returns what is wrong with a package, a line each. */
async function problemsOf(folder: string, tarballs: string): Promise<readonly string[]> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (manifest.private === true) return [];
  const name: string = manifest.name;
  const file = `${name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
  const tarball = new Uint8Array(readFileSync(join(tarballs, file)));
  const { messages } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  const described = (message: Message) =>
    formatMessage(message, manifest, { color: false }) ?? JSON.stringify(message);
  return [
    ...messages.filter(({ type }) => type !== "suggestion").map(described),
    ...(await typeProblems(tarball, notForNode10.has(name))),
  ].map((problem) => `${name}: ${problem}`);
}

async function typeProblems(tarball: Uint8Array, ignoresNode10: boolean): Promise<readonly string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (analysis.types === false) return ["has no types"];
  const resolutions = ["node10", "node16-cjs", "node16-esm", "bundler"] as const;
  const relevant = resolutions.filter((resolution) => resolution !== "node10" || !ignoresNode10);
  const problems = new Set(
    relevant.flatMap((resolutionKind) => filterProblems(analysis, { resolutionKind }) as Problem[]),
  );
  return [...problems].map(
    (problem) => `${problemKindInfo[problem.kind].shortDescription}: ${JSON.stringify(problem)}`,
  );
}

const tarballs = mkdtempSync(join(tmpdir(), "dmrec-packages-"));
try {
  pack(tarballs);
  const folders = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  const problems: string[] = [];
  for (const folder of folders) problems.push(...(await problemsOf(folder, tarballs)));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(tarballs, { recursive: true });
}
