/** Scripts that are written without spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text in lower case: runs of letters, marks and digits. Unicode's rules split runs of scripts without spaces. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase();
  const runs = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (!unspaced.test(plain)) return runs;
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  const { segment } = segmenter;
  const segmented = (run: string) => Array.from(segment.call(segmenter, run), (part) => part.segment);
  return runs.flatMap((run) => (unspaced.test(run) ? segmented(run) : [run]));
}
