import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export interface StaticServer extends AsyncDisposable {
  /** The address of the folder, with a slash at its end. */
  readonly url: string;
}

/** Serves the files of a folder under a path on loopback, and nothing else, as the plainest web server does. */
export async function startStaticServer(folder: string, path: string): Promise<StaticServer> {
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const name = pathname.startsWith(path)
      ? normalize(decodeURI(pathname.slice(path.length)) || "index.html")
      : "..";
    const content = name.startsWith("..")
      ? undefined
      : await readFile(join(folder, name)).catch(() => undefined);
    response.writeHead(content ? 200 : 404, {
      "Content-Type": types[extname(name)] ?? "application/octet-stream",
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
