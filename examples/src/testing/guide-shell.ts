import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/**
 * Makes a folder of commands that stand for those of a reader: `npx dmrec` runs the built command line, and `npm start` and `npm run`
 * run the script of the repository's package.json without installing and building first.
 *
 * @param root The repository.
 */
export async function writeCommands(folder: string, root: string): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const runnable = (script: string) =>
    script
      .replace("npm run -s build && ", "")
      .replace("node packages", `node ${root}/packages`)
      .replace("node benchmarks", `node ${root}/benchmarks`)
      .replace("tsx benchmarks", `${root}/node_modules/.bin/tsx ${root}/benchmarks`);
  const cases = Object.entries<string>(scripts)
    .filter(([, script]) => /^npm run -s build && (node|tsx) /.test(script))
    .map(([name, script]) => `${name}) ${runnable(script)} "$@";;`);
  // One epoch shows that a command works.
  const oneEpoch = `words=(); before=""; for word in "$@"; do
  if [ "$before" = --epochs ]; then word=1; fi; words+=("$word"); before="$word"
done; set -- "\${words[@]}"`;
  const npm = `if [ "$1" = run ]; then shift; fi; name="$1"; shift; if [ "$1" = -- ]; then shift; fi
${oneEpoch}
if [ "$name" = start ]; then set -- --epochs 1 "$@"; fi
case "$name" in ${cases.join("\n")} *) echo "no script $name"; exit 1;; esac`;
  const npx = `${oneEpoch}
[ "$1" = dmrec ] && shift && exec node ${root}/packages/dmrec/dist/cli.js "$@"; echo "not dmrec: $1"; exit 1`;
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries({ npm, npx })) {
    await writeFile(join(folder, name), `#!/usr/bin/env bash\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

/** Runs the lines of a guide in a folder, stopping at the first that fails. Returns what they printed. */
export async function runLines(
  lines: string,
  {
    directory,
    commands,
    env,
  }: { directory: string; commands: string; env: Readonly<Record<string, string>> },
): Promise<{ readonly status: number; readonly output: string }> {
  const shell = spawn("bash", ["-euo", "pipefail", "-c", lines], {
    cwd: directory,
    env: { ...process.env, ...env, PATH: `${commands}:${process.env.PATH}` },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, "exit"),
  ]);
  return { status, output: stdout + stderr };
}
