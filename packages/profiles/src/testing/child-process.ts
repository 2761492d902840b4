import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

const tsx = createRequire(import.meta.url).resolve("tsx");
/** Maps the packages to their sources, so that no build is needed. */
const tsconfig = join(import.meta.dirname, "../../../../tsconfig.check.json");

export interface ScriptOptions {
  /** Of any file that it writes, in blocks of 1,024 bytes. */
  readonly fileSizeLimit?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `scripts/NAME.ts` of this folder in a process of its own. */
export function startScript(
  name: string,
  args: readonly string[],
  { fileSizeLimit, env = {} }: ScriptOptions = {},
) {
  const limit = fileSizeLimit === undefined ? "" : `ulimit -f ${fileSizeLimit}; `;
  const script = join(import.meta.dirname, "scripts", `${name}.ts`);
  const child = spawn(
    "bash",
    ["-c", `${limit}exec "$@"`, "bash", process.execPath, "--import", `file://${tsx}`, script, ...args],
    { env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  return {
    ended,
    stdout: () => stdout,
    kill: (signal: NodeJS.Signals = "SIGKILL") => child.kill(signal),
    /** Resolves when its output has something; rejects when it ends before. */
    async printed(pattern: RegExp): Promise<void> {
      let isOver = false;
      ended.then(() => {
        isOver = true;
      });
      while (!pattern.test(stdout)) {
        if (isOver) throw new Error(`${name} ended without ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

export type RunningScript = ReturnType<typeof startScript>;
