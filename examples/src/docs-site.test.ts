import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

let site: string;
let pages: string[];
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "dmrec-site-"));
  execFileSync(join(root, "node_modules/.bin/tsx"), [join(root, "tools/docs.ts"), site], { cwd: root });
  pages = (await readdir(site, { recursive: true })).filter((name) => name.endsWith(".html"));
}, 900_000);
afterAll(() => rm(site, { recursive: true }));

const pageOf = (name: string) => readFile(join(site, name), "utf8");

/** Links in the text of a page; the code that it shows is text, too. */
function linksOf(page: string): string[] {
  return [...page.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
}

describe("the documentation site", () => {
  it("has every guide and every package", async () => {
    const guides = (await readdir(join(root, "docs"))).filter((name) => name !== "README.md");
    expect(pages.filter((name) => name.startsWith("documents/"))).toHaveLength(guides.length);
    const packages = await readdir(join(root, "packages"));
    const modules = pages.filter((name) => name.startsWith("modules/")).map((name) => name.slice(8, -5));
    for (const name of packages) expect(modules).toContain(name === "dmrec" ? name : `_dmrec_${name}`);
  });

  it("has no dead link and no dead anchor", async () => {
    const anchors = new Map<string, Set<string>>();
    const anchorsOf = async (file: string) => {
      const known =
        anchors.get(file) ??
        new Set([...(await readFile(file, "utf8")).matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id));
      anchors.set(file, known);
      return known;
    };
    const dead: string[] = [];
    let count = 0;
    for (const page of pages) {
      const file = join(site, page);
      for (const link of linksOf(await pageOf(page))) {
        if (/^(https?|mailto|data):/.test(link)) continue;
        count += 1;
        const [path, anchor] = link.split("#").map(decodeURIComponent);
        const target = path === "" ? file : resolve(dirname(file), path.split("?")[0]);
        const exists = await stat(target).then(
          (found) => found.isFile() || found.isDirectory(),
          () => false,
        );
        if (!exists || !target.startsWith(site)) dead.push(`${page}: ${link}`);
        else if (anchor && target.endsWith(".html") && !(await anchorsOf(target)).has(anchor))
          dead.push(`${page}: ${link}`);
      }
    }
    expect(dead).toEqual([]);
    expect(count).toBeGreaterThan(1000);
  });

  it("sets the equations of the paper's sections 2.2 to 2.5 beside their files, without a network", async () => {
    const page = await pageOf("documents/How_it_works.html");
    expect(page.match(/class="katex-display"/g)?.length).toBeGreaterThanOrEqual(15);
    expect(page).not.toContain("katex-error");
    const text = await readFile(join(root, "docs/how-it-works.md"), "utf8");
    for (let equation = 1; equation <= 19; equation += 1)
      expect(text).toMatch(new RegExp(`eq\\. ${equation}\\b`));
    for (const file of ["godm.ts", "cpdm.ts", "mddm.ts", "meta-network.ts", "with-matching.ts"])
      expect(page).toContain(`href="../media/${file}.txt"`);
    const style = await pageOf("assets/custom.css");
    for (const [, font] of style.matchAll(/url\(([^)]*\.woff2)\)/g))
      expect((await stat(join(site, "assets", font))).size).toBeGreaterThan(0);
    expect(style + page).not.toMatch(/(src=|url\()["']?https?:/);
  });
});
