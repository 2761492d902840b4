// Checks the English of comments and documents: see CONTRIBUTING.md, section "English".
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findInMarkdown, findInSource } from "./english";

const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|mjs|md)$/.test(file) && !/^(\.changeset|benchmarks\/search)\//.test(file));

const counts = new Map<string, number>();
for (const file of listed) {
  const source = readFileSync(file, "utf8");
  for (const { line, rule, text, advice } of file.endsWith(".md")
    ? findInMarkdown(source)
    : findInSource(source)) {
    console.log(`${file}:${line}: ${rule}: ${text}\n    better: ${advice}`);
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
}
for (const [rule, count] of counts) console.log(`${count} × ${rule}`);
if (counts.size > 0) process.exit(1);
console.log(`The English of ${listed.length} files follows the rules.`);
