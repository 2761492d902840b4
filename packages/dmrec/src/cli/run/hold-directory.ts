import { createHash } from "node:crypto";
import { once } from "node:events";
import { realpath, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidOptionsError } from "@dmrec/core";
import { makeDirectory } from "../make-directory";

/**
 * Makes a directory and holds it until it is disposed of or the process ends, even by a kill: two trainings would overwrite each
 * other's checkpoints. The processes of one user on one machine see each other. Where no local socket can be opened, nothing is
 * held.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError if another process of this machine holds it.
 * @throws FileError if it cannot be made.
 */
export async function holdDirectory(
  directory: string,
  { owner, flag }: { readonly owner: string; readonly flag: string },
): Promise<AsyncDisposable> {
  await makeDirectory(directory);
  const address = addressOf(await realpath(directory));
  // A process that was killed leaves its address behind, at which no one answers.
  const held = (await listen(address)) ?? ((await isAnswered(address)) ? undefined : await replace(address));
  if (held === undefined) {
    const message = `another process is working in ${directory}; wait for it or stop it, or name another folder`;
    throw new InvalidOptionsError(owner, [{ path: flag, message }]);
  }
  return {
    async [Symbol.asyncDispose]() {
      if (held === "unsupported") return;
      held.close();
      await once(held, "close");
    },
  };
}

/** The address of a directory among the local sockets of this machine: short, whatever the path is. */
function addressOf(path: string): string {
  const key = createHash("sha256").update(`${process.getuid?.()} ${path}`);
  const name = `dmrec-${key.digest("hex").slice(0, 24)}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

type Held = Server | "unsupported";

/** Listens at an address; undefined if it is taken. */
async function listen(address: string): Promise<Held | undefined> {
  const server = createServer((socket) => socket.destroy()).unref();
  try {
    server.listen(address);
    await once(server, "listening");
    return server;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"
      ? undefined
      : "unsupported";
  }
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function replace(address: string): Promise<Held | undefined> {
  await rm(address, { force: true });
  return listen(address);
}
