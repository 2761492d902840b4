import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a test's `use` on a file of some content, in a folder of its own. */
export async function withFile<Result>(
  content: string | Uint8Array,
  use: (file: string) => Promise<Result>,
  name = "file",
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-format-"));
  try {
    await writeFile(join(folder, name), content);
    return await use(join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}
