// Builds the documentation site: the guides of docs/ and the reference of every package, into the folder of the first argument
// (default: site). It needs no network, neither to be built nor to be read.
import { appendFileSync, cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import katexPlugin from "@vscode/markdown-it-katex";
import katex from "katex";
import { Application, Converter, ReflectionKind } from "typedoc";

const root = resolve(import.meta.dirname, "..");
const out = resolve(process.argv[2] ?? join(root, "site"));
const katexFolder = dirname(fileURLToPath(import.meta.resolve("katex")));

/** The guides in the order in which a reader meets them. */
const guides = [
  "quick-start",
  "your-data",
  "any-model",
  "language-models",
  "serving",
  "report-and-page",
  "reproducing-the-paper",
  "how-it-works",
];

const application = await Application.bootstrapWithPlugins({
  name: "DMRec for TypeScript",
  basePath: root,
  entryPoints: [join(root, "packages/*/src/index.ts")],
  tsconfig: join(root, "tsconfig.docs.json"),
  readme: join(root, "docs/README.md"),
  projectDocuments: guides.map((guide) => join(root, "docs", `${guide}.md`)),
  customCss: join(katexFolder, "katex.min.css"),
  out,
  // `npm run check` has checked the types.
  skipErrorChecking: true,
  disableSources: true,
  excludeInternal: true,
  hideGenerator: true,
  sort: ["source-order"],
  navigation: { includeCategories: false, includeGroups: false },
  highlightLanguages: ["ts", "typescript", "js", "javascript", "json", "sh", "bash", "html", "csv"],
  validation: { notExported: false, invalidLink: true, invalidPath: true },
  treatWarningsAsErrors: true,
  // Equations are set here, so that a reader's browser needs no script for them.
  markdownItLoader: (markdown) => markdown.use(katexPlugin.default ?? katexPlugin, { katex }),
});

application.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
  if (reflection.kindOf(ReflectionKind.Module)) reflection.name = packageName(reflection.name);
});
application.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  document.name = title(document.name) ?? document.name;
});

const project = await application.convert();
if (!project) process.exit(1);
application.validate(project);
await application.generateOutputs(project);
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exit(1);
showSources();
// A long equation scrolls on a phone.
appendFileSync(
  join(out, "assets/custom.css"),
  "\n.katex-block { overflow: auto hidden; padding: 0.2rem 0; }\n",
);
cpSync(join(katexFolder, "fonts"), join(out, "assets/fonts"), { recursive: true });

/** Gives the files that guides link to names of texts: browsers show a text, and save a file that ends in `.ts`, which is a video's. */
function showSources(): void {
  const media = join(out, "media");
  for (const name of readdirSync(media)) renameSync(join(media, name), join(media, `${name}.txt`));
  for (const folder of [out, join(out, "documents")])
    for (const name of readdirSync(folder).filter((page) => page.endsWith(".html"))) {
      const page = join(folder, name);
      const text = readFileSync(page, "utf8");
      writeFileSync(page, text.replace(/(href="(?:\.\.\/)?media\/[^"#]+)/g, "$1.txt"));
    }
}

/** `packages/matching/src` → `@dmrec/matching`. */
function packageName(entry: string): string {
  const folder = basename(dirname(entry));
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")).name;
}

/** The title of a guide: its first heading. */
function title(guide: string): string | undefined {
  return /^# (.*)$/m.exec(readFileSync(join(root, "docs", `${basename(guide)}.md`), "utf8"))?.[1];
}
