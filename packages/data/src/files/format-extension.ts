import { extname } from "node:path";

/** True for the name of a file that gzip compressed. */
export function isGzip(file: string): boolean {
  return /\.gz$/i.test(file);
}

/** The extension that shows the format of a file, in lower case: `.csv` for `ratings.csv` and for `ratings.csv.gz`. */
export function formatExtension(file: string): string {
  return extname(isGzip(file) ? file.slice(0, -3) : file).toLowerCase();
}
