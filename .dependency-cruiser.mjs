import { readFileSync } from "node:fs";

/** The packages with their dependencies, read from ARCHITECTURE.md, so the document and the check cannot differ. */
function readTable() {
  const text = readFileSync(new URL("ARCHITECTURE.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `(?:@dmrec\/)?([a-z-]+)` *\|[^|]*\|([^|]*)\|$/gm)];
  if (rows.length === 0) throw new Error("ARCHITECTURE.md has no table of packages");
  const names = rows.map(([, name]) => name);
  return rows.map(([, name, cell]) => {
    const list = cell.trim();
    if (list === "nothing") return { name, allowed: [] };
    return { name, allowed: list === "all" ? names : list.split(", ") };
  });
}

const packages = readTable();
const production = "(?<!\\.test)(?<!\\.test-d)\\.ts$";

const towardsAllowed = packages.map(({ name, allowed }) => ({
  name: `${name}-depends-on-its-row`,
  comment: `packages/${name} may depend on ${allowed.join(", ") || "no other package"} (ARCHITECTURE.md).`,
  severity: "error",
  from: { path: `^packages/${name}/src/`, pathNot: ["\\.test(-d)?\\.ts$", "/testing/"] },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
}));

export default {
  forbidden: [
    ...towardsAllowed,
    {
      name: "no-circles",
      comment: "Files that import each other cannot be understood one at a time.",
      severity: "error",
      from: { path: "^(packages|benchmarks|examples)/" },
      to: { circular: true },
    },
    {
      name: "public-entries-only",
      comment: "Another package is imported through its entry points.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/[^/]+/src/",
        pathNot: ["^packages/$1/", "^packages/[^/]+/src/((testing|files)/)?index\\.ts$"],
      },
    },
    {
      name: "applications-use-public-entries",
      comment: "Examples and benchmarks use the packages as their users do.",
      severity: "error",
      from: { path: "^(benchmarks|examples)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: "^packages/[^/]+/src/((testing|files)/)?index\\.ts$" },
    },
    {
      name: "no-test-code-in-production",
      comment: "Only tests import test code.",
      severity: "error",
      from: { path: production, pathNot: ["/testing/", "\\.test(-d)?\\.ts$"] },
      to: { path: "(\\.test\\.ts$|/testing/|^testing/)" },
    },
    {
      name: "one-door-to-native-memory",
      comment:
        "runtime/native holds native pointers, and a mistake there corrupts memory. Sessions are made elsewhere.",
      severity: "error",
      from: {
        path: "^packages/",
        pathNot: [
          "^packages/compile/src/runtime/(native/|create-session\\.ts$)",
          "^packages/compile/src/runtime/.*\\.test\\.ts$",
        ],
      },
      to: { path: "(^packages/compile/src/runtime/native/|node_modules/koffi/)" },
    },
    {
      name: "declared-dependencies",
      comment: "A package's package.json names everything that it imports.",
      severity: "error",
      // The program of the page is bundled with all that it imports.
      from: {
        path: "^packages/[^/]+/src/",
        pathNot: ["\\.test(-d)?\\.ts$", "/testing/", "^packages/web/src/page/"],
      },
      // The build bundles @noble/hashes, which is an ES module only. An optional peer is also installed for tests.
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"],
        dependencyTypesNot: ["npm-peer"],
        pathNot: "@noble/hashes",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules/[^@])/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.check.json" },
    combinedDependencies: false,
  },
};
