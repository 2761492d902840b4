// Writes the declarations of all packages in one pass of the compiler, for ES modules and for CommonJS. A pass for each
// package would read and check its dependencies again.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

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
const { config } = ts.readConfigFile(join(root, "tsconfig.check.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
const program = ts.createProgram(
  entries.map(({ source }) => source),
  { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: false },
);
for (const name of packages)
  rmSync(join(root, "packages", name, "dist/types"), { recursive: true, force: true });
const { diagnostics } = program.emit(undefined, (_, text, __, ___, sources) => {
  const source = sources?.[0]?.fileName;
  if (source === undefined || !source.includes("/packages/") || source.includes("node_modules")) return;
  write(`${declarationPath(source)}.d.ts`, withExtensions(text, source, "js"));
  write(`${declarationPath(source)}.d.cts`, withExtensions(text, source, "cjs"));
});
for (const { source, target } of entries) {
  const path = relative(dirname(target), declarationPath(source));
  write(`${target}.d.ts`, `export * from "./${path}.js";\n`);
  write(`${target}.d.cts`, `export * from "./${path}.cjs";\n`);
}
const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
if (errors.length > 0) {
  console.error(
    ts.formatDiagnostics(errors, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  );
  process.exit(1);
}
