import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "tsup";
import { z } from "zod";

const outcomeSchema = z.object({
  /** The number of lines that the block printed. */
  prints: z.number(),
  /** The error that it threw, or null. */
  error: z.string().nullable(),
});

/** The end of a block of code. */
export type BlockOutcome = z.output<typeof outcomeSchema>;

const packages = join(import.meta.dirname, "../../../packages");

/** A program that imports a number of modules, one after the other, and prints a line of JSON for each. */
const runner = (count: number) => `
  for (let index = 0; index < ${count}; index += 1) {
    let prints = 0;
    console.log = () => void prints++;
    const error = await import("./" + index + ".mjs").then(() => null, (cause) => cause?.stack ?? String(cause));
    await new Promise((done) => process.stdout.write(JSON.stringify({ prints, error }) + "\\n", done));
  }
  process.exit();
`;

/**
 * Runs blocks of TypeScript as modules on the built packages, one after the other in one process, so that the packages load once.
 *
 * @param blocks The code by name.
 * @param directory The directory that they run in.
 */
export async function runBlocks(
  blocks: ReadonlyMap<string, string>,
  directory: string,
): Promise<ReadonlyMap<string, BlockOutcome>> {
  // In this package, whose dependencies the modules find.
  const folder = await mkdtemp(join(import.meta.dirname, "../../.blocks-"));
  try {
    const sources = join(folder, "sources");
    await mkdir(sources);
    const codes = [...blocks.values()];
    for (const [index, code] of codes.entries()) await writeFile(join(sources, `${index}.ts`), code);
    await build({
      entry: codes.map((_, index) => join(sources, `${index}.ts`)),
      outDir: folder,
      outExtension: () => ({ js: ".mjs" }),
      format: ["esm"],
      target: "node20",
      splitting: false,
      silent: true,
      config: false,
      skipNodeModulesBundle: true,
    });
    await linkPackages(folder);
    await writeFile(join(folder, "run.mjs"), runner(codes.length));
    const child = spawn(process.execPath, [join(folder, "run.mjs")], { cwd: directory });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const outcomes = output
      .split("\n")
      .filter((line) => line.startsWith('{"prints":'))
      .map((line) => outcomeSchema.parse(JSON.parse(line)));
    // A block that ends the process ends the others with it.
    const unfinished = { prints: 0, error: `did not end: ${errors}` };
    return new Map([...blocks.keys()].map((name, index) => [name, outcomes[index] ?? unfinished]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Makes every package of the repository known to the modules of a folder. */
async function linkPackages(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules/@dmrec"), { recursive: true });
  for (const name of await readdir(packages)) {
    const scoped = name === "dmrec" ? name : `@dmrec/${name}`;
    await symlink(join(packages, name), join(folder, "node_modules", scoped), "dir");
  }
}
