// Writes the declarations of all packages in one pass of the compiler, for ES modules and for CommonJS. A pass for each
// package would read and check its dependencies again.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

interface Entry {
  readonly source: string;
  /** The path of its declarations without the extension. */
  readonly target: string;
}

/** The entry points of a package: `dist/name.d.ts` in its exports is `src/name.ts` or `src/name/index.ts`. */
function entriesOf(name: string): Entry[] {
  const folder = join(root, "packages", name);
  const exported = JSON.stringify(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).exports);
  const names = new Set([...exported.matchAll(/\.\/dist\/([\w-]+)\.d\.ts/g)].map(([, entry]) => entry));
  return [...names].map((entry) => {
    const file = join(folder, "src", `${entry}.ts`);
    const source = existsSync(file) ? file : join(folder, "src", entry, "index.ts");
    return { source, target: join(folder, "dist", entry) };
  });
}

/** `packages/x/src/a/b.ts` → `packages/x/dist/types/a/b`. */
function declarationPath(source: string): string {
  return source.replace(/(packages\/[^/]+)\/src\//, "$1/dist/types/").replace(/\.ts$/, "");
}

/** Declarations whose relative imports name files with an extension, as Node.js resolves them. */
function withExtensions(text: string, source: string, extension: "js" | "cjs"): string {
  return text.replace(/((?:from|import\()\s*")(\.\.?\/[^"]*)(")/g, (_, before, specifier, after) => {
    const target = join(dirname(source), specifier);
    const file = existsSync(`${target}.ts`) ? specifier : `${specifier}/index`;
    return `${before}${file}.${extension}${after}`;
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const packages = readdirSync(join(root, "packages"));
const entries = packages.flatMap(entriesOf);

// TypeScript 7 writes them three times faster than its predecessors, but lends no program to change them in.
const work = join(root, "node_modules/.cache/declarations");
rmSync(work, { recursive: true, force: true });
const project = join(work, "tsconfig.json");
const emitted = join(work, "packages");
write(
  project,
  JSON.stringify({
    extends: join(root, "tsconfig.check.json"),
    compilerOptions: {
      noEmit: false,
      // `npm run check` checks the types.
      noCheck: true,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: join(root, "packages"),
      outDir: emitted,
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: [],
    files: entries.map(({ source }) => source),
  }),
);
const { status } = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript-7/bin/tsc"), "-p", project],
  { stdio: "inherit" },
);
if (status !== 0) process.exit(1);

for (const name of packages)
  rmSync(join(root, "packages", name, "dist/types"), { recursive: true, force: true });
for (const file of readdirSync(emitted, { recursive: true, encoding: "utf8" })) {
  if (!file.endsWith(".d.ts")) continue;
  const source = join(root, "packages", file.replace(/\.d\.ts$/, ".ts"));
  const text = readFileSync(join(emitted, file), "utf8");
  write(`${declarationPath(source)}.d.ts`, withExtensions(text, source, "js"));
  write(`${declarationPath(source)}.d.cts`, withExtensions(text, source, "cjs"));
}
for (const { source, target } of entries) {
  const path = relative(dirname(target), declarationPath(source));
  write(`${target}.d.ts`, `export * from "./${path}.js";\n`);
  write(`${target}.d.cts`, `export * from "./${path}.cjs";\n`);
}
