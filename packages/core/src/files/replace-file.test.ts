import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileError } from "../errors/file-error";
import { replaceFile } from "./index";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-replace-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("replaceFile", () => {
  it("writes texts, bytes and parts of bytes, and leaves no other file", async () => {
    const file = join(folder, "a");
    await replaceFile(file, "words");
    expect(await readFile(file, "utf8")).toBe("words");
    await replaceFile(file, Uint8Array.of(0, 255));
    expect([...(await readFile(file))]).toEqual([0, 255]);
    const parts = function* () {
      for (let part = 0; part < 3; part += 1) yield new Uint8Array(700_000).fill(part);
    };
    await replaceFile(file, parts());
    const written = await readFile(file);
    expect([written.length, written[699_999], written[700_000], written[2_099_999]]).toEqual([
      2_100_000, 0, 1, 2,
    ]);
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it("keeps the permissions of the file, and writes through a link to it", async () => {
    const [file, link] = [join(folder, "a"), join(folder, "link")];
    await writeFile(file, "old");
    await chmod(file, 0o640);
    await symlink(file, link);
    await replaceFile(link, "new");
    expect(await readFile(file, "utf8")).toBe("new");
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).sort()).toEqual(["a", "link"]);
  });

  it("lets writers of one file at a time leave one of their contents whole", async () => {
    const file = join(folder, "a");
    const contents = Array.from({ length: 8 }, (_, writer) => String(writer).repeat(100_000));
    await Promise.all(contents.map((content) => replaceFile(file, content)));
    expect(contents).toContain(await readFile(file, "utf8"));
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it("keeps the old file if the parts of the new one fail, or there is no folder", async () => {
    const file = join(folder, "a");
    await replaceFile(file, "old");
    const parts = function* () {
      yield Uint8Array.of(1);
      throw new Error("no more");
    };
    await expect(replaceFile(file, parts())).rejects.toThrow(/a: could not be written \(no more\).*intact/);
    await expect(replaceFile(join(folder, "none", "a"), "x")).rejects.toThrow(FileError);
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it.skipIf(process.platform === "win32")("never replaces what is no file, such as a socket", async () => {
    const path = join(folder, "socket");
    const server = createServer().listen(path);
    await once(server, "listening");
    try {
      await expect(replaceFile(path, "x")).rejects.toThrow(FileError);
      await expect(replaceFile(path, "x")).rejects.toThrow("is a device or a pipe; name a file to write");
      expect((await lstat(path)).isSocket()).toBe(true);
    } finally {
      server.close();
    }
    await expect(replaceFile(folder, "x")).rejects.toThrow("is a folder; name a file to write");
  });

  it("keeps the old file if the system takes only a part of the new one", async ({ skip }) => {
    const file = join(folder, "a");
    await replaceFile(file, "old");
    // A limit on the size of files cuts a write as a full disk does: some bytes are written, and then no more.
    const program = `
      import { replaceFile } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
      await replaceFile(${JSON.stringify(file)}, new Uint8Array(3_000_000)).catch((error) => console.log(String(error)));`;
    const command = 'ulimit -f 1000 && exec "$0" --import tsx --input-type=module -e "$1"';
    const run = spawnSync("bash", ["-c", command, process.execPath, program], { encoding: "utf8" });
    if (run.error) skip("there is no bash");
    expect(run.stdout, run.stderr).toMatch(/FileError.*could not be written \(EFBIG/);
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a"]);
  });
});
