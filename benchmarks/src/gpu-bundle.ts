// Packs Node.js, ONNX Runtime and the GPU benchmark into one file for a machine that has a driver and nothing else.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { losses } from "./gpu/losses";

const root = resolve(import.meta.dirname, "../..");
const output = resolve(process.argv[2] ?? join(root, "runs/gpu-bundle"));
const staged = join(output, "dmrec-gpu");
const vulkanLoader = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib/chromium/libvulkan.so.1"];

async function main(): Promise<void> {
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(join(staged, "lib"), { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, "gpu/gpu-machine.ts")],
    outfile: join(staged, "gpu-machine.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minify: true,
    logLevel: "error",
    external: ["onnxruntime-node", "koffi", "@duckdb/*", "@tensorflow/tfjs-node*"],
    // The sources, so that no build has to come before; and what ECMAScript modules know of their file.
    alias: Object.fromEntries(readdirSync(join(root, "packages")).map(sourceOf)),
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  writeFileSync(join(staged, "expected-losses.json"), JSON.stringify(await losses("cpu")));
  copyFileSync(process.execPath, join(staged, "node"));
  const loader = vulkanLoader.find((file) => existsSync(file));
  if (loader) copyFileSync(loader, join(staged, "lib/libvulkan.so.1"));
  for (const file of ["gpu/run.sh", "speed/torch_epoch.py"])
    copyFileSync(join(import.meta.dirname, file), join(staged, basename(file)));
  chmodSync(join(staged, "run.sh"), 0o755);
  copyRuntime();
  const archive = join(output, "dmrec-gpu.tar.xz");
  execFileSync("tar", [
    "--create",
    "--file",
    archive,
    "--use-compress-program",
    "xz -6 -T0",
    "--directory",
    output,
    "dmrec-gpu",
  ]);
  console.log(
    `${archive}: ${(statSync(archive).size / 1e6).toFixed(1)} MB. On the machine: tar xf dmrec-gpu.tar.xz && dmrec-gpu/run.sh`,
  );
}

function sourceOf(name: string): [string, string] {
  return [name === "dmrec" ? name : `@dmrec/${name}`, join(root, "packages", name, "src/index.ts")];
}

/** Copies what onnxruntime-node and koffi load on Linux. */
function copyRuntime(): void {
  const modules = join(staged, "node_modules");
  const installed = (name: string) => realpathSync(join(root, "packages/compile/node_modules", name));
  const runtime = installed("onnxruntime-node");
  for (const part of ["package.json", "dist", "bin/napi-v6/linux/x64"])
    cpSync(join(runtime, part), join(modules, "onnxruntime-node", part), { recursive: true });
  const types = /\.(map|ts)$|\/(lib|docs|doc|vendor)$/;
  const withoutTypes = (file: string) => !types.test(file);
  const folders = {
    "onnxruntime-common": installed("onnxruntime-common"),
    koffi: installed("koffi"),
    "@koromix/koffi-linux-x64": join(dirname(installed("koffi")), "@koromix/koffi-linux-x64"),
  };
  for (const [name, folder] of Object.entries(folders))
    cpSync(realpathSync(folder), join(modules, name), {
      recursive: true,
      filter: (file) => withoutTypes(file.slice(folder.length)),
    });
}

void main();
