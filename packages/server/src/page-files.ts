import { serveStatic } from "@hono/node-server/serve-static";
import type { MiddlewareHandler } from "hono";

/** Names of these files change with their contents, so a browser need not ask for them again. */
const unchanging = /\/assets\//;

/** Answers with the files of a page. Without a page, or without such a file, the next handler answers. */
export function pageFiles(page: () => string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const root = page();
    if (root === undefined) return next();
    const answer = serveStatic({
      root,
      onFound: (path) => {
        const isUnchanging = unchanging.test(path);
        context.header("Cache-Control", isUnchanging ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
    return answer(context, next);
  };
}
