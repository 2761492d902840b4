import { accessSync, constants, readFileSync, statfsSync } from "node:fs";

const folder = "/dev/shm";
/** More bytes than the files of all tests at a time. */
const enough = 8e9;

/**
 * A folder in memory for the temporary files of tests: every checkpoint is synced, which waits for a disk. Undefined if the machine
 * has no such folder, or one with too little room or in which no program may run, as in most containers.
 */
export function folderInMemory(): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const [, options = "noexec"] =
      new RegExp(`^\\S+ ${folder} \\S+ (\\S+)`, "m").exec(readFileSync("/proc/mounts", "utf8")) ?? [];
    return bavail * bsize > enough && !options.split(",").includes("noexec") ? folder : undefined;
  } catch {
    return undefined;
  }
}
