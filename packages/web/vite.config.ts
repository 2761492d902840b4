import { defineConfig } from "vite";

/** The page: a folder of files that name each other relatively, so that it works under any path of any server. */
export default defineConfig({
  root: "src/page",
  base: "./",
  build: {
    outDir: "../../dist/page",
    emptyOutDir: true,
    target: "es2022",
    // Fonts are files: a page that allows no other source of fonts than its own shows them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});
