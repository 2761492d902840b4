import { spawn } from "node:child_process";
import { join } from "node:path";
import { bundledScripts } from "./bundled-scripts";

export interface ScriptOptions {
  /** The most blocks of 1,024 bytes of any file that it writes. */
  readonly fileSizeLimit?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `scripts/NAME.ts` of this folder in a process of its own. */
export async function startScript(
  name: string,
  args: readonly string[],
  { fileSizeLimit, env = {} }: ScriptOptions = {},
) {
  const script = join(await bundledScripts(), `${name}.js`);
  const limited = ["bash", "-c", `ulimit -f ${fileSizeLimit}; exec "$@"`, "bash"];
  const [program, ...rest] = [
    ...(fileSizeLimit === undefined ? [] : limited),
    process.execPath,
    script,
    ...args,
  ];
  const child = spawn(program, rest, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
    /** Resolves when its output matches; rejects if it ends before. */
    printed: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!pattern.test(stdout)) return;
          child.stdout.off("data", look);
          resolve();
        };
        child.stdout.on("data", look);
        look();
        ended.then(() => reject(new Error(`${name} ended without ${pattern}:\n${stdout}\n${stderr}`)));
      }),
  };
}

export type RunningScript = Awaited<ReturnType<typeof startScript>>;
