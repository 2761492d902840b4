import { useEffect, useState } from "preact/hooks";
import type { Rankings } from "./model/answers";

/** Milliseconds without a change before the recommendations are read aloud. */
const pause = 900;

/** Announces the first recommendations to screen readers when they have not changed for a moment. */
export function Announcement({
  rankings,
  names,
}: {
  readonly rankings: Rankings | undefined;
  readonly names: readonly string[];
}) {
  const [text, setText] = useState("");
  const first =
    rankings?.both
      .slice(0, 3)
      .map((item) => names[item])
      .join("; ") ?? "";
  useEffect(() => {
    const timer = setTimeout(() => setText(first === "" ? "" : `First recommendations: ${first}`), pause);
    return () => clearTimeout(timer);
  }, [first]);
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
